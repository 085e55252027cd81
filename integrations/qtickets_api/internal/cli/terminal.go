package cli

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

func isTerminal(w io.Writer) bool {
	file, ok := behind(w).(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// progress draws a bar per feed on a terminal; elsewhere it is nil and nothing is drawn.
func (a *app) progress() (draw func(feed string, done, total int64), finish func()) {
	if !isTerminal(a.Stderr) {
		return nil, func() {}
	}
	var bar *progressbar.ProgressBar
	var name string
	finish = func() {
		if bar != nil {
			_ = bar.Finish()
		}
	}
	draw = func(feed string, done, total int64) {
		if feed != name {
			finish()
			name = feed
			bar = progressbar.NewOptions64(total,
				progressbar.OptionSetWriter(behind(a.Stderr)),
				progressbar.OptionSetDescription(a.say(feed)),
				progressbar.OptionShowCount(),
				progressbar.OptionSetPredictTime(true),
				progressbar.OptionClearOnFinish(),
			)
		}
		bar.ChangeMax64(max(total, done))
		_ = bar.Set64(done)
	}
	return draw, finish
}
