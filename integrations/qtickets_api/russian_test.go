package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// notSaid are words the product does not use in Russian, each with the one it uses: one thing has one name on the
// page, in alerts, in column comments and in documents.
var notSaid = []struct{ word, say string }{
	{`событи`, "мероприятие; у вебхуков — тип уведомления"},
	{`прейскурант`, "номинал"},
	{`заполнени[ея]`, "заполняемость"},
	{`свободно([^\p{L}]|$)|свободные места`, "в продаже"},
	{`ёмкост`, "вместимость"},
	{`средний билет`, "средняя цена билета"},
	{`возможн(ой|ая) выручк`, "потенциальная выручка"},
	{`метк[аи] utm`, "UTM-метка"},
	{`инцидент|алерт`, "тревога; сообщение о ней — оповещение"},
	{`оборва|мёртв`, "загрузка прервалась"},
	{`непонятн|не понять|поняты`, "строки, которые не удалось разобрать"},
	{`цифр[аыоу]`, "числа, показатели, данные"},
	{`опаздыва`, "запаздывают"},
	{`smoke-`, "проверки данных"},
	{`(^|[^\p{L}])осм[оа]тр`, "проверка установки"},
	{`хэш`, "хеш"},
	{`веб-хук`, "вебхук"},
	{`не известн`, "неизвестно, слитно"},
	{`настройки — основн`, "«Настройки – Основное»"},
	{`траблш|продакшен сервер|systemd юнит`, "русский порядок слов"},
}

// TestRussianWords reads every text in Russian that is written for people.
func TestRussianWords(t *testing.T) {
	t.Parallel()
	texts := documents(t)
	for _, folder := range []string{"internal", repository + "/ops", repository + "/infra"} {
		if err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !forPeople(path) {
				return err
			}
			text, err := os.ReadFile(path)
			texts[path] = string(text)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	russian := regexp.MustCompile(`[а-яё]`)
	patterns := make([]*regexp.Regexp, len(notSaid))
	for i, w := range notSaid {
		patterns[i] = regexp.MustCompile(`(?i)` + w.word)
	}
	read := 0
	for path, text := range texts {
		for number, line := range strings.Split(text, "\n") {
			if !russian.MatchString(line) {
				continue
			}
			read++
			for i, pattern := range patterns {
				if found := pattern.FindString(line); found != "" {
					t.Errorf("%s:%d says %q, the word is: %s", path, number+1, found, notSaid[i].say)
				}
			}
		}
	}
	if read < 1000 {
		t.Errorf("only %d lines in Russian were read", read)
	}
}

// forPeople tells a file whose Russian is ours; the simulator and the tests invent theirs.
func forPeople(path string) bool {
	if strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/simulator/") ||
		strings.Contains(path, "/testdata/") {
		return false
	}
	return slices.Contains([]string{".go", ".json", ".sql", ".sh", ".example", ".service"}, filepath.Ext(path))
}
