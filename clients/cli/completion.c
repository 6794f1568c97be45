// Completion scripts, written from the table.
#include "table.h"

static void
print_commands(void)
{
    for (size_t i = 0; i < commands_count; i++)
        (void)printf("%s%s", i ? " " : "", commands[i].name);
}

static void
print_verbs(void)
{
    for (size_t i = 0; verbs[i].word; i++)
        (void)printf("%s%s", i ? " " : "", verbs[i].word);
}

static void
print_options(const struct command *c)
{
    for (size_t i = 0; i < options_count; i++)
        if (command_takes(c, &options[i]))
            (void)printf(" --%s", options[i].name);
}

static void
bash(void)
{
    (void)puts("# source this, or put it into bash-completion's directory\n"
               "_wireroom() {\n"
               "    local word=${COMP_WORDS[COMP_CWORD]} command= i options=");
    (void)printf("    local commands=\"");
    print_commands();
    (void)puts("\"\n"
               "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
               "        [[ \" $commands \" == *\" ${COMP_WORDS[i]} \"* ]] &&\n"
               "            command=${COMP_WORDS[i]} && break\n"
               "    done\n"
               "    case $command in");
    for (size_t i = 0; i < commands_count; i++) {
        (void)printf("    %s) options=\"", commands[i].name);
        print_options(&commands[i]);
        (void)puts("\" ;;");
    }
    (void)puts("    esac\n"
               "    if [[ $word == -* ]]; then\n"
               "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
               "    elif [[ -z $command || $command == help ]]; then\n"
               "        COMPREPLY=($(compgen -W \"$commands\" -- \"$word\"))\n"
               "    elif [[ $command == completion ]]; then\n"
               "        COMPREPLY=($(compgen -W \"bash zsh fish\" -- \"$word\"))\n"
               "    elif [[ $command == quarantine ]]; then");
    (void)printf("        ((i + 1 == COMP_CWORD)) && COMPREPLY=($(compgen -W \"");
    print_verbs();
    (void)puts("\" -- \"$word\"))\n"
               "    else\n"
               "        COMPREPLY=($(compgen -f -- \"$word\"))\n"
               "    fi\n"
               "}\n"
               "complete -o filenames -F _wireroom wireroom");
}

// Help texts stand in single quotes, and in zsh in brackets too.
static void
quoted(const char *text, const char *also)
{
    for (; *text; text++) {
        if (strchr(also, *text))
            (void)putchar('\\');
        if (*text == '\'')
            (void)fputs("'\\''", stdout);
        else
            (void)putchar(*text);
    }
}

static void
zsh_option(const struct option_row *o)
{
    (void)printf(" '--%s%s[", o->name, o->value ? "=" : "");
    quoted(o->help, ":[]");
    (void)printf("]%s%s%s'", o->value ? ":" : "", o->value ? o->value : "",
        o->value && strcmp(o->value, "FILE") == 0 ? ":_files"
        : o->value                                ? ":"
                                                  : "");
}

static void
zsh_words(const char *command)
{
    if (strcmp(command, "quarantine") == 0) {
        (void)fputs(" '1:verb:(", stdout);
        print_verbs();
        (void)puts(")' '*:record:' ;;");
    } else if (strcmp(command, "completion") == 0)
        (void)puts(" '1:shell:(bash zsh fish)' ;;");
    else
        (void)puts(" '*:file:_files' ;;");
}

static void
zsh(void)
{
    (void)puts("#compdef wireroom\n_wireroom() {\n    local -a commands=(");
    for (size_t i = 0; i < commands_count; i++)
        (void)printf("        '%s:%s'\n", commands[i].name, commands[i].summary);
    (void)puts("    )\n    if (( CURRENT == 2 )); then\n"
               "        _describe command commands\n        return\n    fi\n"
               "    local command=$words[2]\n    shift words\n    (( CURRENT-- ))\n"
               "    case $command in");
    for (size_t i = 0; i < commands_count; i++) {
        (void)printf("    %s) _arguments", commands[i].name);
        for (size_t k = 0; k < options_count; k++)
            if (command_takes(&commands[i], &options[k]))
                zsh_option(&options[k]);
        zsh_words(commands[i].name);
    }
    (void)puts("    esac\n}\n_wireroom \"$@\"");
}

static void
fish(void)
{
    for (size_t i = 0; i < commands_count; i++) {
        (void)printf("complete -c wireroom -n __fish_use_subcommand -x -a %s -d '%s'\n",
            commands[i].name, commands[i].summary);
        for (size_t k = 0; k < options_count; k++) {
            const struct option_row *o = &options[k];
            if (!command_takes(&commands[i], o))
                continue;
            (void)printf(
                "complete -c wireroom -n '__fish_seen_subcommand_from %s' -l %s",
                commands[i].name, o->name);
            if (o->letter)
                (void)printf(" -s %c", o->letter);
            (void)printf("%s -d '", o->value ? " -r" : "");
            quoted(o->help, "");
            (void)puts("'");
        }
    }
    (void)puts("complete -c wireroom -n '__fish_seen_subcommand_from completion' -x -a "
               "'bash zsh fish'");
    (void)fputs(
        "complete -c wireroom -n '__fish_seen_subcommand_from quarantine' -x -a '",
        stdout);
    print_verbs();
    (void)puts("'");
}

int
command_completion(struct cli *cli)
{
    const char *shell = cli->words_count == 1 ? cli->words[0] : "";
    if (strcmp(shell, "bash") == 0)
        bash();
    else if (strcmp(shell, "zsh") == 0)
        zsh();
    else if (strcmp(shell, "fish") == 0)
        fish();
    else {
        (void)fprintf(stderr, "name a shell: bash, zsh or fish\n");
        return EX_USAGE;
    }
    return EX_OK;
}
