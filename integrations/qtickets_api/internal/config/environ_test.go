package config_test

import (
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/corpus"
)

// One variable over its sources; want is the token that wins.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	inFile, inOther := file(t, "from-file\n"), file(t, "from-other-file\r\n")
	for _, c := range []struct {
		name    string
		environ []string
		envfile string
		want    string
	}{
		{"environment", []string{"QTICKETS_TOKEN=a"}, "", "a"},
		{"env file", nil, "QTICKETS_TOKEN=b", "b"},
		{"environment beats env file", []string{"QTICKETS_TOKEN=a"}, "QTICKETS_TOKEN=b", "a"},
		{"empty environment does not", []string{"QTICKETS_TOKEN="}, "QTICKETS_TOKEN=b", "b"},
		{"the last line of a file wins", nil, "QTICKETS_TOKEN=a\nQTICKETS_TOKEN=b", "b"},
		{"even when it is empty", nil, "QTICKETS_TOKEN=a\nQTICKETS_TOKEN=", ""},
		{"secret file", []string{"QTICKETS_TOKEN_FILE=" + inFile}, "", "from-file"},
		{"secret file named in the env file", nil, "QTICKETS_TOKEN_FILE=" + inFile, "from-file"},
		{"environment beats a secret file of the env file", []string{"QTICKETS_TOKEN=a"}, "QTICKETS_TOKEN_FILE=" + inFile,
			"a"},
		{"secret file of the environment beats the env file", []string{"QTICKETS_TOKEN_FILE=" + inOther}, "QTICKETS_TOKEN=b",
			"from-other-file"},
		{"secret file of the environment beats that of the env file", []string{"QTICKETS_TOKEN_FILE=" + inOther},
			"QTICKETS_TOKEN_FILE=" + inFile, "from-other-file"},
		{"empty name beside a secret file", []string{"QTICKETS_TOKEN=", "QTICKETS_TOKEN_FILE=" + inFile}, "", "from-file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := config.Load(c.environ, file(t, c.envfile))
			if err != nil || got.Token != c.want {
				t.Errorf("token %q, %v; want %q", got.Token, err, c.want)
			}
		})
	}
}

func TestSecretFileOfEverySecret(t *testing.T) {
	t.Parallel()
	got, err := config.Load([]string{
		"QTICKETS_TOKEN_FILE=" + file(t, "one\n"), "CLICKHOUSE_PASSWORD_FILE=" + file(t, " two \n"),
		"QTICKETS_BUYER_KEY_FILE=" + file(t, "three times six!"),
	}, "")
	if err != nil || got.Token != "one" || got.ClickHouse.Password != " two " || got.BuyerKey != "three times six!" {
		t.Errorf("token %q, password %q, key %q, %v", got.Token, got.ClickHouse.Password, got.BuyerKey, err)
	}
}

func TestBothSet(t *testing.T) {
	t.Parallel()
	inFile := file(t, "hush")
	for _, v := range config.Variables {
		if !v.Secret {
			continue
		}
		direct, named := v.Name+"=hush", v.Name+"_FILE="+inFile
		for _, lines := range [][]string{{direct, named}, {named, direct}} {
			want := v.Name + " and " + v.Name + "_FILE are both set: keep one"
			for _, load := range []func() (config.Config, error){
				func() (config.Config, error) { return config.Load(lines, "") },
				func() (config.Config, error) { return config.Load(nil, file(t, strings.Join(lines, "\n"))) },
			} {
				if _, err := load(); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
					t.Errorf("%v; want %q", err, want)
				}
			}
		}
	}
}

// A file means to us what it means to "docker run --env-file": the value is raw.
func TestEnvFileValuesAreRaw(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"plain", "CLICKHOUSE_PASSWORD=abc\n", "abc"},
		{"no line feed at the end", "CLICKHOUSE_PASSWORD=abc", "abc"},
		{"hash", "CLICKHOUSE_PASSWORD=abc#d #e", "abc#d #e"},
		{"dollar", "CLICKHOUSE_PASSWORD=$HOME${X}", "$HOME${X}"},
		{"quotes inside", `CLICKHOUSE_PASSWORD=a"b'c`, `a"b'c`},
		{"one quote", `CLICKHOUSE_PASSWORD="abc`, `"abc`},
		{"spaces around", "CLICKHOUSE_PASSWORD= a b ", " a b "},
		{"equals sign", "CLICKHOUSE_PASSWORD=a=b==", "a=b=="},
		{"backslash", `CLICKHOUSE_PASSWORD=a\nb`, `a\nb`},
		{"indented", " \tCLICKHOUSE_PASSWORD=abc", "abc"},
		{"CRLF", "ORG_NAME=x\r\nCLICKHOUSE_PASSWORD=abc\r\n", "abc"},
		{"byte order mark", "\ufeffCLICKHOUSE_PASSWORD=abc\n", "abc"},
		{"comments and empty lines", "# a\n\n  # b\n#CLICKHOUSE_PASSWORD=no\nCLICKHOUSE_PASSWORD=abc\n \n", "abc"},
		{"others' variables", "POSTGRES_PASSWORD=x\nCLICKHOUSE_PASSWORD=abc\n", "abc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := config.Load(nil, file(t, c.text))
			if err != nil || got.ClickHouse.Password != c.want {
				t.Errorf("password %q, %v; want %q", got.ClickHouse.Password, err, c.want)
			}
		})
	}
}

func TestBadEnvFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"no equals sign", "ORG_NAME=x\nhush\n", "line 2 is not NAME=VALUE"},
		{"no name", "=hush\n", "line 1 is not NAME=VALUE"},
		{"export", "\n# x\nexport QTICKETS_TOKEN=hush\n",
			`line 3 is not NAME=VALUE: write one variable per line, without "export"`},
		{"space before the equals sign", "QTICKETS_TOKEN =hush\n", "line 1 is not NAME=VALUE"},
		{"UTF-16", "\xff\xfeQ\x00T\x00=\x00h\x00u\x00s\x00h\x00", "save it as UTF-8"},
		{"unknown name of ours", "QTICKETS_WEBHOOK_URL=hush\n",
			"QTICKETS_WEBHOOK_URL is not a variable of this program: see docs/variables.md"},
		{"unknown name of the alerts", "ALERT_TELEGRAM_TOKEN=hush\n",
			"ALERT_TELEGRAM_TOKEN is not a variable of this program: see docs/variables.md"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(nil, file(t, c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hush") {
				t.Errorf("%v; want %q", err, c.want)
			}
		})
	}
	for _, path := range []string{"/nowhere/env", t.TempDir()} {
		if _, err := config.Load(nil, path); err == nil || !strings.Contains(err.Error(), "--envfile") ||
			!strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "name a file") {
			t.Errorf("env file %s: %v", path, err)
		}
	}
}

// FuzzEnvFile: whatever the file holds, loading neither panics nor gives a secret away, and a name that
// stands there once comes out as it went in.
func FuzzEnvFile(f *testing.F) {
	for _, seed := range []string{
		"", "ORG_NAME=x\n", "# comment\r\n\r\nTZ=Europe/Moscow\r\n", "\ufeffLOG_LEVEL=debug", "export A=b", "=", "A",
		"QTICKETS_TOKN=1",
		"QTICKETS_TOKEN_FILE=/nowhere", "CLICKHOUSE_PORT=\"1\"", "QTICKETS_BASE_URL=://",
		"QTICKETS_SINCE_HOURS=99999999999999999999", "\xff\xfe",
	} {
		f.Add(seed, "s3cret#$ \"x")
	}
	for _, kept := range corpus.Read(f, "FuzzEnvFile") {
		f.Add(kept[0], kept[1])
	}
	f.Fuzz(func(t *testing.T, text, secret string) {
		text = strings.ReplaceAll(text, "_FILE", "_file") // or it would read files of this machine
		secret = "hush-" + strings.Map(func(r rune) rune {
			if r == '\n' || r == '\r' {
				return -1
			}
			return r
		}, strings.ToValidUTF8(secret, "")) + "."
		got, err := config.Load(nil, file(t, text+"\nCLICKHOUSE_PASSWORD="+secret+"\n"))
		switch {
		case err != nil && strings.Contains(err.Error(), secret):
			t.Errorf("the error gives the secret away: %v", err)
		case err == nil && got.ClickHouse.Password != secret:
			t.Errorf("password %q, want %q", got.ClickHouse.Password, secret)
		}
	})
}
