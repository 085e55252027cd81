package cli

import (
	"fmt"
	"io"
	"strings"

	"rsc.io/qr"
)

// quietZone is how many light modules a reader needs around a code.
const quietZone = 2

// printLink prints what a link is for, the link, and on a terminal its QR code for the camera of a phone.
func printLink(w io.Writer, link, what string) error {
	if _, err := fmt.Fprintf(w, "%s\n\n  %s\n\n", what, link); err != nil {
		return err
	}
	if !isTerminal(w) {
		return nil
	}
	code, err := qrCode(link)
	if err == nil {
		_, err = io.WriteString(w, code)
	}
	return err
}

// qrCode draws the code of a text, two modules in a letter, for light letters on a dark ground.
func qrCode(text string) (string, error) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return "", fmt.Errorf("QR code: %w", err)
	}
	var out strings.Builder
	for y := -quietZone; y < code.Size+quietZone; y += 2 {
		for x := -quietZone; x < code.Size+quietZone; x++ {
			upper, lower := !code.Black(x, y), !code.Black(x, y+1)
			switch {
			case upper && lower:
				out.WriteRune('█')
			case upper:
				out.WriteRune('▀')
			case lower:
				out.WriteRune('▄')
			default:
				out.WriteRune(' ')
			}
		}
		out.WriteByte('\n')
	}
	return out.String(), nil
}
