package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"
)

// gather merges the env file and the environment, resolves NAME_FILE secrets, and refuses names that look
// like a misspelt variable of ours.
func gather(environ []string, envfile string) (map[string]string, error) {
	values := map[string]string{}
	var mistakes []error
	if envfile != "" {
		text, err := os.ReadFile(envfile)
		if err != nil {
			return nil, fmt.Errorf("--envfile: %w: name a file that this user may read", err)
		}
		lines, err := parseEnvFile(string(text))
		if err != nil {
			return nil, fmt.Errorf("--envfile %s: %w", envfile, err)
		}
		mistakes = append(mistakes, take(values, lines, true))
	}
	mistakes = append(mistakes, take(values, environ, false))
	for _, v := range variables {
		path := values[v.Name+"_FILE"]
		if !v.Secret || path == "" {
			continue
		}
		secret, err := fileSecret(v.Name, path)
		mistakes = append(mistakes, err)
		values[v.Name] = secret
	}
	return values, errors.Join(mistakes...)
}

// take copies our variables. In our own file every unknown QTICKETS_ or ALERT_ name is a mistake; in the
// environment, which other programs share, only a name close to a known one is.
func take(values map[string]string, lines []string, ours bool) error {
	var mistakes []error
	own := map[string]string{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		switch {
		case known(name) && quoted(value):
			mistakes = append(mistakes, fmt.Errorf("%s: remove the quotes: Docker passes them on as part of the value", name))
		case known(name):
			own[name] = value
		case nearest(name) != "":
			mistakes = append(mistakes, fmt.Errorf(
				"%s is not a variable of this program: did you mean %s?", name, nearest(name)))
		case ours && (strings.HasPrefix(name, "QTICKETS_") || strings.HasPrefix(name, "ALERT_")):
			mistakes = append(mistakes, fmt.Errorf("%s is not a variable of this program: see docs/variables.md", name))
		}
	}
	for _, v := range variables {
		if own[v.Name] != "" && own[v.Name+"_FILE"] != "" {
			mistakes = append(mistakes, fmt.Errorf("%s and %s_FILE are both set: keep one", v.Name, v.Name))
			delete(own, v.Name+"_FILE")
		}
	}
	for name, value := range own {
		setOne(values, name, value)
	}
	return errors.Join(mistakes...)
}

// setOne lets NAME of a later source win over NAME_FILE of an earlier one. The other way round works by itself:
// NAME_FILE is read last.
func setOne(values map[string]string, name, value string) {
	if value == "" {
		return
	}
	delete(values, name+"_FILE")
	values[name] = value
}

// parseEnvFile reads NAME=VALUE lines exactly as "docker run --env-file" does: the value is taken as it
// is, with its quotes, # and $, so that one file means the same to both.
func parseEnvFile(text string) ([]string, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("is not UTF-8 text: save it as UTF-8")
	}
	var lines []string
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimLeft(strings.TrimRight(line, "\r\n"), " \t\ufeff")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, _, ok := strings.Cut(line, "=")
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			// the line itself may hold a secret
			return nil, fmt.Errorf("line %d is not NAME=VALUE: write one variable per line, without \"export\"", n)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func quoted(v string) bool {
	return len(v) >= 2 && (v[0] == '"' || v[0] == '\'') && v[len(v)-1] == v[0]
}

// nearest is the variable that name is one or two typing errors away from, or "". Short names are close to
// names of other programs (PROG_NAME is two letters from ORG_NAME), so they allow fewer errors; and so do short last
// words (the image of ClickHouse knows CLICKHOUSE_DB, which is two letters from CLICKHOUSE_CA).
func nearest(name string) string {
	best, distance := "", 3
	consider := func(candidate string) {
		last := candidate[strings.LastIndexByte(candidate, '_')+1:]
		if d := editDistance(name, candidate); d < distance && d <= len(candidate)/6 && d <= len(last)/2 {
			best, distance = candidate, d
		}
	}
	for _, v := range variables {
		consider(v.Name)
		if v.Secret {
			consider(v.Name + "_FILE")
		}
	}
	return best
}

// editDistance is the number of single-letter changes between two names (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(row[j]+1, row[j+1]+1, change)
		}
	}
	return row[len(b)]
}

// fileSecret reads a NAME_FILE secret, without the line feed editors leave behind.
func fileSecret(name, path string) (string, error) {
	text, err := os.ReadFile(path)
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		err = at.Err // without the path: it may be the secret itself, put under the wrong name
	}
	secret := strings.TrimRight(string(text), "\r\n")
	switch {
	case err != nil:
		return "", fmt.Errorf("%s_FILE: %w: name a file that this user may read", name, err)
	case secret == "":
		return "", fmt.Errorf("%s_FILE: the file is empty: put the secret into it or unset the variable", name)
	}
	return secret, nil
}
