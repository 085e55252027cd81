package dashboard

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestCataloguesAreEqual: the same keys, the same arguments, no empty text.
func TestCataloguesAreEqual(t *testing.T) {
	t.Parallel()
	for key, ru := range catalogues()["ru"] {
		en, found := catalogues()["en"][key]
		if !found {
			t.Errorf("%s is missing in English", key)
			continue
		}
		if strings.TrimSpace(ru) == "" || strings.TrimSpace(en) == "" {
			t.Errorf("%s is empty", key)
		}
		if a, b := arguments(ru), arguments(en); !slices.Equal(a, b) {
			t.Errorf("%s: %v in Russian, %v in English", key, a, b)
		}
		for _, match := range placeholder.FindAllStringSubmatch(ru, -1) {
			if match[2] != "" && strings.Count(match[2], "|") != 3 {
				t.Errorf("%s: %s has not three forms", key, match[0])
			}
		}
		for _, match := range placeholder.FindAllStringSubmatch(en, -1) {
			if match[2] != "" && strings.Count(match[2], "|") != 2 {
				t.Errorf("%s: %s has not two forms", key, match[0])
			}
		}
		for _, text := range []string{ru, en} {
			if strings.ContainsAny(placeholder.ReplaceAllString(text, ""), "{}|") {
				t.Errorf("%s: a broken argument in %q", key, text)
			}
		}
	}
	for key := range catalogues()["en"] {
		if _, found := catalogues()["ru"][key]; !found {
			t.Errorf("%s is missing in Russian", key)
		}
	}
}

// arguments of a text that are shown; forms may be needed in one language only.
func arguments(text string) []string {
	var list []string
	for _, match := range placeholder.FindAllStringSubmatch(text, -1) {
		if match[2] == "" {
			list = append(list, match[1])
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TestEveryWordIsThereAndUsed reads the code and the templates for keys.
func TestEveryWordIsThereAndUsed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	literal := regexp.MustCompile(`"([a-z][a-z_-]*\.[a-z0-9_.-]*)"`)
	called := regexp.MustCompile(`\.T "?\(?"([a-z][a-z0-9_.-]+)"`)
	used, begun := map[string]bool{}, map[string]bool{}
	var sources string
	for _, file := range append(files, more...) {
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
			if _, found := catalogues()["ru"][match[1]]; !found && !strings.HasSuffix(match[1], ".") {
				t.Errorf("%s asks for %q, which is in no catalogue", file, match[1])
			}
		}
	}
	for key := range catalogues()["ru"] {
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
		{"ShowReason", "reason."}, {"CardName", "card."}, {"PacingGap", "gap."}, {"LikenessReason", "like."}, {"FreshnessState", "fresh."},
		{"FreshnessReason", "fresh.why."}, {"Compare", "compare."}, {"FeedName", "feed."},
	} {
		for _, match := range regexp.MustCompile(c.typ+`\s+=\s+"([a-z_]+)"`).FindAllStringSubmatch(sources, -1) {
			if _, found := catalogues()["ru"][c.prefix+match[1]]; !found {
				t.Errorf("%s %q has no text %s%s", c.typ, match[1], c.prefix, match[1])
			}
		}
	}
}

func TestUnbroken(t *testing.T) {
	t.Parallel()
	const text = "{0|Продан|Продано|Продано} {0} {0|билет|билета|билетов} — как обычно"
	if got := strings.ReplaceAll(unbroken(text), nbsp, "_"); got != "{0|Продан|Продано|Продано} {0}_{0|билет|билета|билетов}_— как обычно" {
		t.Error(got)
	}
}
