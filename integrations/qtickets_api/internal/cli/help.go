package cli

import (
	"bytes"
	_ "embed"
	"io"
	"strings"
	"sync"

	"github.com/alecthomas/kong"
)

//go:embed help_ru.txt
var helpRU string

// russianHelp gives each text of the help in Russian, by the English one of the commands.
var russianHelp = sync.OnceValue(func() map[string]string {
	texts := map[string]string{}
	for _, pair := range strings.Split(strings.TrimSuffix(helpRU, "\n"), "\n===\n") {
		english, russian, _ := strings.Cut(pair, "\n→\n")
		texts[english] = russian
	}
	return texts
})

// russianFrame translates what kong writes around the texts.
var russianFrame = strings.NewReplacer("Usage: ", "Использование: ", "\nFlags:\n", "\nКлючи:\n",
	"\nCommands:\n", "\nКоманды:\n", "\nArguments:\n", "\nАргументы:\n",
	`Run "qtickets_api <command> --help" for more information on a command.`,
	"Подробнее о команде: qtickets_api <команда> --help.", " [flags]", " [ключи]", "<command>", "<команда>")

// translateHelp puts the help of all commands into Russian.
func translateHelp(parser *kong.Kong) error {
	return kong.Visit(parser.Model, func(v kong.Visitable, next kong.Next) error {
		for _, text := range helpTexts(v) {
			if russian, ok := russianHelp()[*text]; ok {
				*text = russian
			}
		}
		return next(nil)
	})
}

// helpTexts are what the help says of a command, a flag, an argument.
func helpTexts(v kong.Visitable) []*string {
	switch v := v.(type) {
	case *kong.Application:
		return []*string{&v.Help, &v.Detail}
	case *kong.Node:
		return []*string{&v.Help, &v.Detail}
	case *kong.Flag:
		return []*string{&v.Help}
	case *kong.Value:
		return []*string{&v.Help}
	}
	return nil
}

// printRussianHelp is the help of kong with its own words in Russian.
func printRussianHelp(options kong.HelpOptions, ctx *kong.Context) error {
	var help bytes.Buffer
	to := ctx.Stdout
	ctx.Stdout = &help
	defer func() { ctx.Stdout = to }()
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	_, err := io.WriteString(to, russianFrame.Replace(help.String()))
	return err
}

// givenLanguage is --lang of a command line that is still to be parsed: its help is printed while it is.
func givenLanguage(arguments []string) string {
	for i, argument := range arguments {
		if value, ok := strings.CutPrefix(argument, "--lang="); ok {
			return value
		}
		if argument == "--lang" && i+1 < len(arguments) {
			return arguments[i+1]
		}
	}
	return ""
}
