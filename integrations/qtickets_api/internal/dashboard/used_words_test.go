package dashboard

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryWordIsThereAndUsed reads the code and the templates for keys.
func TestEveryWordIsThereAndUsed(t *testing.T) {
	t.Parallel()
	var texts map[string]string
	if data, err := os.ReadFile("format/locales/ru.json"); err != nil || json.Unmarshal(data, &texts) != nil {
		t.Fatal("format/locales/ru.json: ", err)
	}
	var files []string
	for _, pattern := range []string{"*.go", "*/*.go", "templates/*.html", "../figures/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		files = append(files, found...)
	}
	literal := regexp.MustCompile(`"([a-z][a-z_-]*\.[a-z0-9_.-]*)"`)
	called := regexp.MustCompile(`\.T "?\(?"([a-z][a-z0-9_.-]+)"`)
	used, begun := map[string]bool{}, map[string]bool{}
	var sources string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources += string(data)
		for _, match := range literal.FindAllStringSubmatch(string(data), -1) {
			if strings.HasSuffix(match[1], ".") {
				begun[match[1]] = true // completed by a value
			} else {
				used[match[1]] = true
			}
		}
		for _, match := range called.FindAllStringSubmatch(string(data), -1) {
			if _, found := texts[match[1]]; !found && !strings.HasSuffix(match[1], ".") {
				t.Errorf("%s asks for %q, which is in no catalogue", file, match[1])
			}
		}
	}
	for key := range texts {
		ok := used[key] || strings.Contains(sources, `"`+key+`"`)
		for prefix := range begun {
			ok = ok || strings.HasPrefix(key, prefix)
		}
		ok = ok || strings.HasSuffix(key, ".title") && strings.Contains(sources, `"`+strings.TrimSuffix(key, ".title")+`"`)
		if !ok {
			t.Errorf("nothing uses %s", key)
		}
	}
	// Values of the model that complete a key.
	for _, c := range []struct{ typ, prefix string }{
		{"ShowReason", "reason."}, {"CardName", "card."}, {"PacingGap", "gap."}, {"SimilarityReason", "like."}, {"FreshnessState", "fresh."},
		{"FreshnessReason", "fresh.why."}, {"Compare", "compare."}, {"FeedName", "feed."},
	} {
		for _, match := range regexp.MustCompile(c.typ+`\s+=\s+"([a-z_]+)"`).FindAllStringSubmatch(sources, -1) {
			if _, found := texts[c.prefix+match[1]]; !found {
				t.Errorf("%s %q has no text %s%s", c.typ, match[1], c.prefix, match[1])
			}
		}
	}
}
