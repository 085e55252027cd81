package alert

import (
	"strings"
	"unicode"
)

// lookalikes stand for the signs with which channels make links, mentions and formats: HTML, Markdown and its kin of
// Slack, Discord, Telegram. To escape them would be right in one channel and garbage in the next.
var lookalikes = strings.NewReplacer("<", "‹", ">", "›", "[", "(", "]", ")", "@", "＠", "`", "'", "*", "∗", "\\", "∖")

// inert makes a text that came from outside (names, messages of runs, errors) one line that no channel takes for
// anything but text: no line of mail, no sign that turns or hides what stands beside it.
func inert(text string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
	return lookalikes.Replace(plain)
}
