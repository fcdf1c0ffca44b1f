# fish completion for ovs-docker(8). What may stand at the cursor is told by `ovs-docker complete`, a candidate a line.

function __ovs_docker_complete
    set -l words (commandline -opc)[2..-1] (commandline -ct)
    for line in (ovs-docker complete $words 2>/dev/null </dev/null)
        if string match -q -- ':files:*' $line
            set -l before (string replace -- :files: '' $line)
            for path in (__fish_complete_path (string replace -- "$before" '' $words[-1]))
                echo $before$path
            end
        else
            string replace -r -- '^(--[^=\t]+)=(\t|$)' '$1$2' $line # fish goes on with a blank
        end
    end
end

complete -c ovs-docker -f -a '(__ovs_docker_complete)'
