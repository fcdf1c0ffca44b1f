# fish completion for ovs-docker(8). Nothing is looked up before Tab is pressed.

# Read the line up to the cursor: sets, in the caller's names, the verb, its words, and the connection options.
function __ovs_docker_words --no-scope-shadowing
    set verb
    set given
    set ovs
    set switch
    set docker
    set -l expects
    for word in (commandline -opc)[2..-1]
        if test -n "$expects"
            switch $expects
                case -H --docker-host
                    set -a docker -H $word
                case --db -p -c -C --private-key --certificate --ca-cert
                    set -a ovs $expects $word
                case --ovs-container
                    set -a switch $expects $word
            end
            set expects
            continue
        end
        switch $word
            case '--docker-host=*'
                set -a docker -H (string replace -- --docker-host= '' $word)
            case '--db=*' '--private-key=*' '--certificate=*' '--ca-cert=*'
                set -a ovs $word
            case '--ovs-container=*'
                set -a switch $word
            case -p -c -C -t -H -f --db --ovs-container --nb-db --private-key --certificate --ca-cert --timeout --docker-host \
                --format --ipaddress --gateway --route --macaddress --mtu --vlan --trunks --iface-id --logical-switch --ofport \
                --external-id --datapath-type --container --file --project
                set expects $word
            case '-*'
            case '*'
                if test -n "$verb"
                    set -a given $word
                else
                    set verb $word
                end
        end
    end
end

function __ovs_docker_needs_verb
    set -l verb
    set -l given
    set -l ovs
    set -l switch
    set -l docker
    __ovs_docker_words
    test -z "$verb"
end

function __ovs_docker_verb_is
    set -l verb
    set -l given
    set -l ovs
    set -l switch
    set -l docker
    __ovs_docker_words
    contains -- "$verb" $argv
end

# __ovs_docker_ports COLUMN INTERFACE LIST-PORTS-WORD...: columns of the table are BRIDGE PORT CONTAINER INTERFACE.
function __ovs_docker_ports --no-scope-shadowing
    ovs-docker --timeout=2 $ovs $switch $docker list-ports $argv[3..-1] 2>/dev/null </dev/null | column=$argv[1] \
        interface=$argv[2] awk '
            NR > 1 && (ENVIRON["interface"] == "" || $4 == ENVIRON["interface"]) { print $ENVIRON["column"] }'
end

function __ovs_docker_bridges --no-scope-shadowing
    ovs-vsctl --timeout=2 $ovs list-br 2>/dev/null </dev/null
end

# Candidates for the words of the verb.
function __ovs_docker_word
    set -l verb
    set -l given
    set -l ovs
    set -l switch
    set -l docker
    __ovs_docker_words
    switch $verb:(count $given)
        case add-port:0 add-ports:0 del-port:0 del-ports:0 set-vlan:0 set-trunk:0 list-ports:0 check:0
            __ovs_docker_bridges
        case add-ports:1
        case add-port:2 'add-ports:*'
            for container in (timeout 2 docker $docker ps --format '{{.Names}}' 2>/dev/null </dev/null)
                contains -- $container $given; or echo $container
            end
        case del-ports:1
            __ovs_docker_ports 3 '' $given[1]
        case del-port:1 set-vlan:1 set-trunk:1
            __ovs_docker_ports 4 '' $given[1]
        case del-port:2 set-vlan:2 set-trunk:2 get-port:2
            __ovs_docker_ports 3 $given[2] $given[1]
        case set-vlan:3 set-trunk:3
            echo none
        case get-port:0 # BRIDGE INTERFACE CONTAINER or CONTAINER INTERFACE
            __ovs_docker_bridges
            __ovs_docker_ports 3 ''
        case get-port:1
            __ovs_docker_ports 4 '' $given[1]
            __ovs_docker_ports 4 '' --container=$given[1]
    end
end

function __ovs_docker_attached_containers
    set -l verb
    set -l given
    set -l ovs
    set -l switch
    set -l docker
    __ovs_docker_words
    __ovs_docker_ports 3 ''
end

function __ovs_docker_running
    set -l verb
    set -l given
    set -l ovs
    set -l switch
    set -l docker
    __ovs_docker_words
    timeout 2 docker $docker ps --format '{{.Names}}' 2>/dev/null </dev/null
end

function __ovs_docker_projects
    set -l verb
    set -l given
    set -l ovs
    set -l switch
    set -l docker
    __ovs_docker_words
    timeout 2 docker $docker ps --format '{{.Label "com.docker.compose.project"}}' 2>/dev/null </dev/null |
        string match -r '.+' | sort --unique
end

# __ovs_docker_socket PREFIX: paths after PREFIX, for a value that begins with it.
function __ovs_docker_socket
    set -l value (commandline -ct | string replace -r -- '^--[^=]+=' '')
    string match -q -- "$argv[1]*" $value; or return
    set -l path (string replace -- $argv[1] '' $value)
    for found in $path*
        test -d $found; and echo $argv[1]$found/; or echo $argv[1]$found
    end
end

complete -c ovs-docker -f
complete -c ovs-docker -n 'not __ovs_docker_needs_verb' -a '(__ovs_docker_word)'

complete -c ovs-docker -n __ovs_docker_needs_verb -a add-port -d 'Attach an interface to a bridge'
complete -c ovs-docker -n __ovs_docker_needs_verb -a add-ports -d 'Attach many containers at once'
complete -c ovs-docker -n __ovs_docker_needs_verb -a del-port -d 'Delete an interface and its port'
complete -c ovs-docker -n __ovs_docker_needs_verb -a del-ports -d 'Delete all interfaces of a container'
complete -c ovs-docker -n __ovs_docker_needs_verb -a sync -d 'Restore and clean up ports'
complete -c ovs-docker -n __ovs_docker_needs_verb -a watch -d 'Keep the ports of restarting containers'
complete -c ovs-docker -n __ovs_docker_needs_verb -a set-vlan -d 'Make a port an access port of a VLAN'
complete -c ovs-docker -n __ovs_docker_needs_verb -a set-trunk -d 'Let a port carry VLANs tagged'
complete -c ovs-docker -n __ovs_docker_needs_verb -a get-port -d 'Print the name of a port'
complete -c ovs-docker -n __ovs_docker_needs_verb -a list-ports -d 'List attached ports'
complete -c ovs-docker -n __ovs_docker_needs_verb -a check -d 'Say what is wrong with ports'

complete -c ovs-docker -l db -x -a 'unix: tcp: ssl: (__ovs_docker_socket unix:)' -d 'OVSDB server'
complete -c ovs-docker -l ovs-container -x -a '(__ovs_docker_running)' -d 'Container of Open vSwitch'
complete -c ovs-docker -l nb-db -x -a 'unix: tcp: ssl: (__ovs_docker_socket unix:)' -d 'Northbound database of OVN'
complete -c ovs-docker -s p -l private-key -rF -d 'Private key for ssl:'
complete -c ovs-docker -s c -l certificate -rF -d 'Certificate for ssl:'
complete -c ovs-docker -s C -l ca-cert -rF -d 'Certificate of the CA for ssl:'
complete -c ovs-docker -s t -l timeout -x -d 'Seconds for the whole call'
complete -c ovs-docker -l no-wait -d 'Do not wait for ovs-vswitchd'
complete -c ovs-docker -s H -l docker-host -x -a 'unix:// tcp:// (__ovs_docker_socket unix://)' -d 'Docker Engine'
complete -c ovs-docker -s f -l format -x -a 'table json' -d 'Form of the output'
complete -c ovs-docker -l dry-run -d 'Print what would be done, touch nothing'
complete -c ovs-docker -s v -l verbose -d 'Print each step as it is done'
complete -c ovs-docker -s q -l quiet -d 'Print no warnings'
complete -c ovs-docker -s h -l help -d 'Print help'
complete -c ovs-docker -n __ovs_docker_needs_verb -l version -d 'Print the version'

complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l ipaddress -x -d 'IPv4 and IPv6 addresses'
complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l gateway -x -d 'Default gateway, one a family'
complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l route -x -d 'A route through the interface'
complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l macaddress -x -d 'MAC address'
complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l mtu -x -d 'MTU of both ends'
complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l vlan -x -d 'Access port of this VLAN'
complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l trunks -x -d 'VLANs that the port carries tagged'
complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l iface-id -x -d 'Logical port of a controller'
complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l logical-switch -x -d 'Logical switch of OVN'
complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l port-security \
    -d 'Only its own addresses may be sent from'
complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l ofport -x -d 'OpenFlow port number'
complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l external-id -x -d 'Further external_ids'
complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l datapath-type -x -a 'system netdev' \
    -d 'Datapath of a new bridge'
complete -c ovs-docker -n '__ovs_docker_verb_is add-port add-ports' -l may-exist \
    -d 'Succeed if attached already, as asked'
complete -c ovs-docker -n '__ovs_docker_verb_is add-ports' -l keep-going -d 'Attach what can be attached'
complete -c ovs-docker -n '__ovs_docker_verb_is add-ports' -l print-schema -d 'Print the JSON Schema of a file'
complete -c ovs-docker -n '__ovs_docker_verb_is del-ports' -l all -d 'Delete all ports of the bridge'
complete -c ovs-docker -n '__ovs_docker_verb_is sync' -l adopt -d "Record the old script's ports"
complete -c ovs-docker -n '__ovs_docker_verb_is add-ports del-ports sync' -l file -rF -d 'File that names the ports'
complete -c ovs-docker -n '__ovs_docker_verb_is add-ports del-ports sync watch' -l labels \
    -d 'Ports that labels of containers ask for'
complete -c ovs-docker -n '__ovs_docker_verb_is add-ports del-ports sync watch' -l project -x \
    -a '(__ovs_docker_projects)' -d 'Only containers of this compose project'
complete -c ovs-docker -n '__ovs_docker_verb_is del-port' -l if-exists -d 'Succeed if not attached'
complete -c ovs-docker -n '__ovs_docker_verb_is list-ports check' -l container -x \
    -a '(__ovs_docker_attached_containers)' -d 'Ports of this container only'
