# Completes the commands of intarsia in fish. Made by `intarsia completion fish`.
function __intarsia_calls
    set -l words (commandline -opc)
    set -l last (math 1 + (count $argv))
    test "$words[2..$last]" = "$argv"
end
complete -c intarsia -f
complete -c intarsia -n 'test (count (commandline -opc)) -eq 1' -a 'copy' -d 'copies files'
complete -c intarsia -n 'test (count (commandline -opc)) -eq 1' -a 'paint' -d 'makes [one] picture: that\'s all'
complete -c intarsia -n 'test (count (commandline -opc)) -eq 1' -a 'weights' -d 'looks at weights'
complete -c intarsia -n '__intarsia_calls copy' -F -a 'all some'
complete -c intarsia -n '__intarsia_calls copy' -l json -d 'print the result as one JSON line'
complete -c intarsia -n '__intarsia_calls copy' -l verbose -d 'show log messages, and stack traces of errors'
complete -c intarsia -n '__intarsia_calls copy' -l help -d 'show this help'
complete -c intarsia -n '__intarsia_calls paint' -l model -r -F -a 'picturebook' -d 'the model; `models` lists them'
complete -c intarsia -n '__intarsia_calls paint' -l precision -r -f -a 'exact fast' -d 'how exactly'
complete -c intarsia -n '__intarsia_calls paint' -l device -r -f -d 'where'
complete -c intarsia -n '__intarsia_calls paint' -l image -r -F -d 'a picture to begin with, C:\\star.png'
complete -c intarsia -n '__intarsia_calls paint' -l quick -d 'fewer steps …'
complete -c intarsia -n '__intarsia_calls paint' -l json -d 'print the result as one JSON line'
complete -c intarsia -n '__intarsia_calls paint' -l verbose -d 'show log messages, and stack traces of errors'
complete -c intarsia -n '__intarsia_calls paint' -l help -d 'show this help'
complete -c intarsia -n '__intarsia_calls weights' -f -a 'convert'
complete -c intarsia -n '__intarsia_calls weights' -l json -d 'print the result as one JSON line'
complete -c intarsia -n '__intarsia_calls weights' -l verbose -d 'show log messages, and stack traces of errors'
complete -c intarsia -n '__intarsia_calls weights' -l help -d 'show this help'
complete -c intarsia -n '__intarsia_calls weights convert' -F
complete -c intarsia -n '__intarsia_calls weights convert' -l encoding -r -f -a 'F32 Q8_0' -d 'how'
complete -c intarsia -n '__intarsia_calls weights convert' -l json -d 'print the result as one JSON line'
complete -c intarsia -n '__intarsia_calls weights convert' -l verbose -d 'show log messages, and stack traces of errors'
complete -c intarsia -n '__intarsia_calls weights convert' -l help -d 'show this help'
