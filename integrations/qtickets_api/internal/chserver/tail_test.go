package chserver

import (
	"strings"
	"testing"
)

func TestTailKeepsTheEnd(t *testing.T) {
	t.Parallel()
	var empty tail
	if got := empty.quote(); got != "" {
		t.Errorf("empty tail quotes %q", got)
	}
	var long tail
	for _, text := range []string{"start ", strings.Repeat("x", tailSize), "\xff end\n"} {
		if n, err := long.Write([]byte(text)); n != len(text) || err != nil {
			t.Fatalf("Write returned %d, %v", n, err)
		}
	}
	got := long.quote()
	if strings.Contains(got, "start") || !strings.HasSuffix(got, "x? end") || len(got) > tailSize+2 {
		t.Errorf("quotes %d bytes: %.20q … %q", len(got), got, got[len(got)-10:])
	}
}
