package dashboard

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryWordIsThereAndUsed reads the code and the templates for keys.
func TestEveryWordIsThereAndUsed(t *testing.T) {
	t.Parallel()
	texts := catalogue(t)
	literal := regexp.MustCompile(`"([a-z][a-z_-]*\.[a-z0-9_.-]*)"`)
	called := regexp.MustCompile(`\.T "?\(?"([a-z][a-z0-9_.-]+)"`)
	used, begun := map[string]bool{}, map[string]bool{}
	all := sources(t)
	for file, data := range all {
		for _, match := range literal.FindAllStringSubmatch(data, -1) {
			if strings.HasSuffix(match[1], ".") {
				begun[match[1]] = true // completed by a value
			} else {
				used[match[1]] = true
			}
		}
		for _, match := range called.FindAllStringSubmatch(data, -1) {
			if _, found := texts[match[1]]; !found && !strings.HasSuffix(match[1], ".") {
				t.Errorf("%s asks for %q, which is in no catalogue", file, match[1])
			}
		}
	}
	joint := strings.Join(slices.Collect(maps.Values(all)), "\n")
	for key := range texts {
		ok := used[key] || strings.Contains(joint, `"`+key+`"`)
		for prefix := range begun {
			ok = ok || strings.HasPrefix(key, prefix)
		}
		ok = ok || strings.HasSuffix(key, ".title") && strings.Contains(joint, `"`+strings.TrimSuffix(key, ".title")+`"`)
		ok = ok || used[strings.TrimSuffix(key, "_plan")]  // figures.Outlook.Key
		ok = ok || used[strings.TrimSuffix(key, "_money")] // block.Builder.daysHeading
		if !ok {
			t.Errorf("nothing uses %s", key)
		}
	}
}

// TestEveryValueHasAText: values of the figures that complete a key.
func TestEveryValueHasAText(t *testing.T) {
	t.Parallel()
	texts, joint := catalogue(t), strings.Join(slices.Collect(maps.Values(sources(t))), "\n")
	for _, c := range []struct{ typ, prefix string }{
		{"ShowReason", "reason."}, {"CardName", "card."}, {"PacingGap", "gap."}, {"Likeness", "like."},
		{"FreshnessState", "fresh."}, {"EntryState", "entries."},
		{"FreshnessReason", "fresh.why."}, {"Compare", "compare."}, {"FeedName", "feed."},
	} {
		for _, match := range regexp.MustCompile(c.typ+`\s+=\s+"([a-z_]+)"`).FindAllStringSubmatch(joint, -1) {
			if _, found := texts[c.prefix+match[1]]; !found {
				t.Errorf("%s %q has no text %s%s", c.typ, match[1], c.prefix, match[1])
			}
		}
	}
}

// catalogue are the Russian texts; those of other languages have the same keys.
func catalogue(t *testing.T) map[string]any {
	t.Helper()
	var texts map[string]any
	if data, err := os.ReadFile("format/texts.json"); err != nil || json.Unmarshal(data, &texts) != nil {
		t.Fatal("format/texts.json: ", err)
	}
	return texts
}

// sources are the files that may name a text, by their path.
func sources(t *testing.T) map[string]string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*.go", "*/*.go", "templates/*.html", "../figures/*.go", "../forecast/*.go",
		"../digest/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		files = append(files, found...)
	}
	all := map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(file, "_test.go") {
			all[file] = string(data)
		}
	}
	return all
}
