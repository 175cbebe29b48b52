#compdef intarsia
# Completes the commands of intarsia in zsh. Made by `intarsia completion zsh`.
_intarsia() {
    local name=$words[2]
    local -a commands
    if (( CURRENT == 2 )); then
        commands=(
            'copy:copies files'
            'paint:makes [one] picture: that'\''s all'
            'weights:looks at weights'
        )
        _describe -t commands command commands
        return
    fi
    shift words
    (( CURRENT -= 1 ))
    case "$name $words[2]" in
        ('weights convert')
            if (( CURRENT > 2 )); then
                name+=" $words[2]"
                shift words
                (( CURRENT -= 1 ))
            fi
            ;;
    esac
    case $name in
        ('copy')
            _arguments \
                '--json[print the result as one JSON line]' \
                '--verbose[show log messages, and stack traces of errors]' \
                '--help[show this help]' \
                '1:WHAT:{compadd -- '\''all'\'' '\''some'\''}' \
                '*:FILE:_files'
            ;;
        ('paint')
            _arguments \
                '--model=[the model; `models` lists them]:NAME|DIR:{compadd -- '\''picturebook'\''; _files}' \
                '--precision=[how exactly]:exact|fast:{compadd -- '\''exact'\'' '\''fast'\''}' \
                '--device=[where]:NAME: ' \
                '*--image=[a picture to begin with, C\:\\star.png]:FILE:_files' \
                '--quick[fewer steps …]' \
                '--json[print the result as one JSON line]' \
                '--verbose[show log messages, and stack traces of errors]' \
                '--help[show this help]' \
                '1:TEXT: '
            ;;
        ('weights')
            _arguments \
                '--json[print the result as one JSON line]' \
                '--verbose[show log messages, and stack traces of errors]' \
                '--help[show this help]' \
                '1:WHAT:{compadd -- '\''convert'\''}'
            ;;
        ('weights convert')
            _arguments \
                '--encoding=[how]:NAME:{compadd -- '\''F32'\'' '\''Q8_0'\''}' \
                '--json[print the result as one JSON line]' \
                '--verbose[show log messages, and stack traces of errors]' \
                '--help[show this help]' \
                '1:FILE:_files'
            ;;
    esac
}
# Loaded as a function, this file is called to complete; read as a script, it announces the function.
if [[ $funcstack[1] == _intarsia ]]; then
    _intarsia "$@"
else
    compdef _intarsia intarsia
fi
