package cli

import (
	"strings"
	"testing"
	"unicode/utf8"

	"rsc.io/qr"
)

// TestQRCode: what is drawn are the modules of the code, two in a letter, with light around them.
func TestQRCode(t *testing.T) {
	t.Parallel()
	const link = "https://sales.example.test/invitation/ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	drawn, err := qrCode(link)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qr.Encode(link, qr.L)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(drawn, "\n"), "\n")
	if utf8.RuneCountInString(lines[0]) != code.Size+2*quietZone {
		t.Errorf("%d letters wide", utf8.RuneCountInString(lines[0]))
	}
	for y := -quietZone; y < code.Size+quietZone; y++ {
		for x := -quietZone; x < code.Size+quietZone; x++ {
			letter := []rune(lines[(y+quietZone)/2])[x+quietZone]
			half := "▀█"
			if (y+quietZone)%2 == 1 {
				half = "▄█"
			}
			if light := strings.ContainsRune(half, letter); light == code.Black(x, y) {
				t.Fatalf("module %d, %d is drawn as %q", x, y, letter)
			}
		}
	}
	if _, err := qrCode(strings.Repeat("x", 5000)); err == nil {
		t.Error("5000 letters are drawn")
	}
}
