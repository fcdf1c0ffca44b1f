# bash completion for ovs-docker(8). What may stand at the cursor is told by `ovs-docker complete`, a candidate a line.
# A word is completed as typed: quotes, variables and ~ in earlier words are not expanded.

_ovs_docker() {
    local words=() word glue= line breaks=${COMP_WORDBREAKS//[^=:]/} seen=
    COMPREPLY=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do # bash has split them at = and :
        if [[ ${#words[@]} -gt 0 && ( $word == [=:]* || $glue ) ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
        [[ $word == *[=:] ]] && glue=yes || glue=
    done
    word=${words[-1]-}
    while IFS= read -r line; do
        if [[ $line == :files:* ]]; then
            line=${line#:files:}
            mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -P "$line" -- "${word#"$line"}")
            compopt -o filenames 2>/dev/null # it quotes blanks
        else
            printf -v line %q "${line%%$'\t'*}" # anybody may call a bridge or project x;reboot
            COMPREPLY+=("$line")
        fi
    done < <(ovs-docker complete "${words[@]}" 2>/dev/null </dev/null)
    [[ ! $breaks ]] || seen=${word%"${word##*[$breaks]}"} # bash replaces only what follows the last of them
    COMPREPLY=("${COMPREPLY[@]#"$seen"}")
    [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *[=:/] ]] || compopt -o nospace 2>/dev/null
}

complete -F _ovs_docker ovs-docker
