package config_test

import (
	"errors"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
)

// TestFault3_9_NoValueIsQuoted: whatever secret lands in a variable of another kind, by itself or with something
// around it, the error names the variable and not the value.
func TestFault3_9_NoValueIsQuoted(t *testing.T) {
	t.Parallel()
	wrong := 0
	for _, v := range config.Variables {
		for _, value := range []string{"hush9f8e7d", "12hush", "https://x.example.test/hush", "-hush"} {
			_, err := config.Load([]string{v.Name + "=" + value}, "")
			if err == nil {
				continue // any text is a value of it
			}
			wrong++
			if !strings.Contains(err.Error(), v.Name) || strings.Contains(err.Error(), "hush") {
				t.Errorf("%s: %v", v.Name, err)
			}
		}
	}
	if wrong < 40 {
		t.Errorf("only %d values were refused", wrong)
	}
}

// TestFault3_9_ShortSecretsAreRefused: a secret that the operator makes has 8 characters at least; the error has the
// command that makes one, and not the secret.
func TestFault3_9_ShortSecretsAreRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"QTICKETS_BUYER_KEY", "QTICKETS_WEBHOOK_SECRET", "QTICKETS_METRICS_TOKEN"} {
		for _, short := range []string{"x", "hush-hu"} {
			for _, line := range []string{name + "=" + short, name + "_FILE=" + file(t, short+"\n")} {
				_, err := config.Load([]string{line}, "")
				if !errors.Is(err, config.ErrInvalid) || !strings.Contains(err.Error(), name+":") ||
					!strings.Contains(err.Error(), "openssl rand -hex 32") || strings.Contains(err.Error(), "hush") {
					t.Errorf("%s of %d characters: %v", name, len(short), err)
				}
			}
		}
		if _, err := config.Load([]string{name + "=" + strings.Repeat("x", 8)}, ""); err != nil {
			t.Errorf("%s of 8 characters: %v", name, err)
		}
	}
}
