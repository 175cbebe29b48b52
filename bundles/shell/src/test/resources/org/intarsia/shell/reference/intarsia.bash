# Completes the commands of intarsia in bash. Made by `intarsia completion bash`.
_intarsia() {
    local word=${COMP_WORDS[COMP_CWORD]} part
    local -a before=()
    # Bash cuts words at equals signs; --option=value is then read like --option value.
    for part in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $part == "=" ]] || before+=("$part")
    done
    [[ $word == "=" ]] && word=
    local name='' options='' repeatable='' valued='' repeats=''
    local -A values=()
    local -a positionals=()
    if ((${#before[@]})); then
        name=${before[0]}
        before=("${before[@]:1}")
        case "$name ${before[0]-}" in
            'weights convert')
                name+=" ${before[0]}"
                before=("${before[@]:1}")
                ;;
        esac
    fi
    case $name in
        '')
            positionals=('copy paint weights')
            ;;
        'copy')
            options='--json --verbose --help'
            repeatable=''
            valued=''
            positionals=('all some' '@files')
            repeats=yes
            ;;
        'paint')
            options='--model --precision --device --image --quick --json --verbose --help'
            repeatable='--image'
            valued='--model --precision --device --image'
            values[--model]='picturebook @files'
            values[--precision]='exact fast'
            values[--device]=''
            values[--image]='@files'
            positionals=('')
            ;;
        'weights')
            options='--json --verbose --help'
            repeatable=''
            valued=''
            positionals=('convert')
            ;;
        'weights convert')
            options='--encoding --json --verbose --help'
            repeatable=''
            valued='--encoding'
            values[--encoding]='F32 Q8_0'
            positionals=('@files')
            ;;
    esac
    local given open='' plain='' count=0 offered=''
    for given in "${before[@]}"; do
        if [[ $open ]]; then
            open=
        elif [[ ! $plain && $given == -- ]]; then
            plain=yes
        elif [[ ! $plain && " $options " == *" $given "* ]]; then
            [[ " $valued " == *" $given "* ]] && open=$given
            if [[ " $repeatable " != *" $given "* ]]; then
                options=" $options "
                options=${options/ $given / }
            fi
        else
            ((count += 1))
        fi
    done
    if [[ $open ]]; then
        offered=${values[$open]}
    elif [[ ! $plain && $word == -* ]]; then
        offered=$options
    elif ((count < ${#positionals[@]})); then
        offered=${positionals[count]}
    elif [[ $repeats ]]; then
        offered=${positionals[-1]}
    elif [[ ! $plain ]]; then
        offered=$options
    fi
    local -a candidates
    local candidate
    read -ra candidates <<<"$offered"
    COMPREPLY=()
    for candidate in "${candidates[@]}"; do
        if [[ $candidate == @files ]]; then
            compopt -o filenames
            mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
        elif [[ $candidate == "$word"* ]]; then
            COMPREPLY+=("$candidate")
        fi
    done
}
complete -F _intarsia intarsia
