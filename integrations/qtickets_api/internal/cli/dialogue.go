package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
)

// dialogue asks a person on a terminal.
type dialogue struct {
	in    *os.File
	lines *bufio.Reader
	out   io.Writer
}

// dialogue is nil where there is nobody to ask.
func (a *app) dialogue() *dialogue {
	file, ok := a.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	return &dialogue{in: file, lines: bufio.NewReader(file), out: a.Stdout}
}

// ask shows a prompt and reads a line without its end. A hidden one does not appear on the terminal while it is typed.
// The end of the input is config.ErrInvalid. When the context ends nothing is waited for, and the terminal is as it
// was.
func (d *dialogue) ask(ctx context.Context, prompt string, hidden bool) (string, error) {
	fmt.Fprint(d.out, prompt)
	fd := int(d.in.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("read from the terminal: %w", err)
	}
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		var a answer
		if hidden {
			var text []byte
			text, a.err = term.ReadPassword(fd)
			a.text = string(text)
		} else {
			a.text, a.err = d.lines.ReadString('\n')
		}
		answers <- a
	}()
	select {
	case <-ctx.Done():
		_ = term.Restore(fd, before)
		fmt.Fprintln(d.out)
		return "", ctx.Err()
	case a := <-answers:
		if hidden || a.err != nil {
			fmt.Fprintln(d.out)
		}
		if errors.Is(a.err, io.EOF) {
			return "", fmt.Errorf("%w: the input ended before the last answer", config.ErrInvalid)
		}
		return strings.TrimRight(a.text, "\r\n"), a.err
	}
}
