# bash completion for ovs-docker(8). Nothing is looked up before Tab is pressed.
# A word is completed as typed: quotes, variables and ~ in earlier words are not expanded.

_ovs_docker_verbs='add-port add-ports del-port del-ports sync watch set-vlan set-trunk get-port list-ports check'

_ovs_docker_globals='--db= --ovs-container= --nb-db= -p --private-key= -c --certificate= -C --ca-cert= -t --timeout= --no-wait
    -H --docker-host= -f --format= --dry-run -v --verbose -q --quiet -h --help'

_ovs_docker_options() {
    case $1 in
        '') printf '%s\n' --version ;;
        add-port | add-ports)
            printf '%s\n' --ipaddress= --gateway= --route= --macaddress= --mtu= --vlan= --trunks= --iface-id= \
                --logical-switch= --port-security --ofport= --external-id= --datapath-type= --may-exist
            [[ $1 == add-port ]] || printf '%s\n' --file= --labels --project= --keep-going --print-schema
            ;;
        del-ports) printf '%s\n' --all --file= --labels --project= ;;
        sync) printf '%s\n' --labels --project= --file= --adopt ;;
        watch) printf '%s\n' --labels --project= ;;
        del-port) printf '%s\n' --if-exists ;;
        list-ports | check) printf '%s\n' --container= ;;
    esac
}

# What is there. The connection options of the line being completed hold for the look-ups, too.
_ovs_docker_bridges() {
    ovs-vsctl --timeout=2 "${ovs[@]}" list-br 2>/dev/null </dev/null
}

# _ovs_docker_containers WORD...: running containers without those that the words name already.
_ovs_docker_containers() {
    timeout 2 docker "${docker[@]}" ps --format '{{.Names}}' 2>/dev/null </dev/null |
        grep --invert-match --line-regexp --fixed-strings --regexp= "${@/#/--regexp=}"
}

_ovs_docker_projects() {
    timeout 2 docker "${docker[@]}" ps --format '{{.Label "com.docker.compose.project"}}' 2>/dev/null </dev/null |
        sort --unique
}

# _ovs_docker_ports COLUMN [INTERFACE] LIST-PORTS-WORD...: columns of the table are BRIDGE PORT CONTAINER INTERFACE.
_ovs_docker_ports() {
    local column=$1 interface=$2
    shift 2
    ovs-docker --timeout=2 "${ovs[@]}" "${switch[@]}" "${docker[@]}" list-ports "$@" 2>/dev/null </dev/null |
        column=$column interface=$interface awk '
            NR > 1 && (ENVIRON["interface"] == "" || $4 == ENVIRON["interface"]) { print $ENVIRON["column"] }'
}

# _ovs_docker_word VERB POSITION WORD-BEFORE...: candidates for the words of a verb, one a line.
_ovs_docker_word() {
    local verb=$1 position=$2
    shift 2
    case $verb:$position in
        :0) printf '%s\n' $_ovs_docker_verbs ;;
        add-port:0 | add-ports:0 | list-ports:0 | check:0) _ovs_docker_bridges ;;
        del-port:0 | del-ports:0 | set-vlan:0 | set-trunk:0) _ovs_docker_bridges ;;
        add-ports:[01]) ;;
        add-port:2 | add-ports:*) _ovs_docker_containers "$@" ;;
        del-ports:1) _ovs_docker_ports 3 '' "$1" ;;
        del-port:1 | set-vlan:1 | set-trunk:1) _ovs_docker_ports 4 '' "$1" ;;
        del-port:2 | set-vlan:2 | set-trunk:2 | get-port:2) _ovs_docker_ports 3 "$2" "$1" ;;
        set-vlan:3 | set-trunk:3) echo none ;;
        get-port:0) # BRIDGE INTERFACE CONTAINER or CONTAINER INTERFACE
            _ovs_docker_bridges
            _ovs_docker_ports 3 ''
            ;;
        get-port:1)
            _ovs_docker_ports 4 '' "$1"
            _ovs_docker_ports 4 '' "--container=$1"
            ;;
    esac
}

# _ovs_docker_value OPTION VALUE: candidates for an option's value.
_ovs_docker_value() {
    case $1 in
        -f | --format) printf '%s\n' table json ;;
        --datapath-type) printf '%s\n' system netdev ;;
        --container) _ovs_docker_ports 3 '' ;;
        --project) _ovs_docker_projects ;;
        --ovs-container) _ovs_docker_containers ;;
        -p | --private-key | -c | --certificate | -C | --ca-cert | --file) compgen -f -- "$2" ;;
        --db | --nb-db)
            printf '%s\n' unix: tcp: ssl:
            [[ $2 != unix:* ]] || compgen -f -P unix: -- "${2#unix:}"
            ;;
        -H | --docker-host)
            printf '%s\n' unix:// tcp://
            [[ $2 != unix://* ]] || compgen -f -P unix:// -- "${2#unix://}"
            ;;
    esac
}

# _ovs_docker_is_path OPTION[=VALUE] WORD: whether the word ends in a path, whose blanks bash has to quote.
_ovs_docker_is_path() {
    case $1 in
        -p | -c | -C | --private-key | --certificate | --ca-cert | --file) return 0 ;;
        --private-key=* | --certificate=* | --ca-cert=* | --file=*) return 0 ;;
        --db* | --nb-db* | -H | --docker-host*) [[ $2 == *unix:* ]] ;;
        *) return 1 ;;
    esac
}

_ovs_docker_takes_value() {
    case $1 in
        -p | -c | -C | -t | -H | -f) return 0 ;;
        --*=*) return 1 ;;
        --*) [[ " "$_ovs_docker_globals" "$(_ovs_docker_options "$verb")" " == *[[:space:]]"$1="[[:space:]]* ]] ;;
        *) return 1 ;;
    esac
}

# Put the words of COMP_WORDS together again that bash splits at = and :, into the array words.
_ovs_docker_words() {
    local word glue=
    words=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        if [[ ${#words[@]} -gt 0 && ( $word == [=:]* || $glue ) ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
        glue=
        [[ $word != *[=:] ]] || glue=yes
    done
}

_ovs_docker() {
    local words verb='' expects='' word cur prefix='' candidates
    local -a given=() ovs=() switch=() docker=()
    COMPREPLY=()
    _ovs_docker_words
    cur=${words[-1]-}
    for word in "${words[@]:0:${#words[@]}-1}"; do
        if [[ $expects ]]; then
            case $expects in
                -H | --docker-host) docker+=(-H "$word") ;;
                --db | -p | -c | -C | --private-key | --certificate | --ca-cert) ovs+=("$expects" "$word") ;;
                --ovs-container) switch+=("$expects" "$word") ;;
            esac
            expects=
        elif _ovs_docker_takes_value "$word"; then
            expects=$word
        elif [[ $word == -* ]]; then
            case $word in
                --docker-host=*) docker+=(-H "${word#*=}") ;;
                --db=* | --private-key=* | --certificate=* | --ca-cert=*) ovs+=("$word") ;;
                --ovs-container=*) switch+=("$word") ;;
            esac
        elif [[ ! $verb ]]; then
            verb=$word
        else
            given+=("$word")
        fi
    done

    if [[ $expects ]]; then
        candidates=$(_ovs_docker_value "$expects" "$cur")
    elif [[ $cur == --*=* ]]; then
        prefix=${cur%%=*}=
        candidates=$(_ovs_docker_value "${cur%%=*}" "${cur#*=}")
    elif [[ $cur == -* ]]; then
        candidates="$_ovs_docker_globals $(_ovs_docker_options "$verb")"
        candidates=$(printf '%s\n' $candidates)
    else
        candidates=$(_ovs_docker_word "$verb" "${#given[@]}" "${given[@]}")
    fi

    # bash replaces only what follows the last = or : of the word.
    local seen='' candidate
    [[ $COMP_WORDBREAKS != *:* || $cur != *:* ]] || seen=${cur%"${cur##*:}"}
    [[ $COMP_WORDBREAKS != *=* || $cur != *=* || ${#seen} -gt 0 ]] || seen=${cur%"${cur##*=}"}
    while IFS= read -r candidate; do
        [[ ! $candidate || $prefix$candidate != "$cur"* ]] || COMPREPLY+=("${prefix}${candidate}")
    done <<<"$candidates"
    COMPREPLY=("${COMPREPLY[@]#"$seen"}")
    [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *[=:/] ]] || compopt -o nospace 2>/dev/null
    if [[ $expects || $cur == *=* ]] && _ovs_docker_is_path "${expects:-$cur}" "$cur"; then
        compopt -o filenames 2>/dev/null
    fi
}

complete -F _ovs_docker ovs-docker

