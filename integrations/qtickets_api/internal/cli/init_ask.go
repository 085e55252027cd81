package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
)

// question is about one variable.
type question struct {
	variable string
	flag     string // its value and its name; "": there is no flag, as for secrets
	given    string
	text     string // what a person is asked
	form     string // what a right answer looks like
	initial  string // proposed where nothing is known
	optional bool   // may be left empty
	later    bool   // asked only when another answer shows that it is needed
	made     bool   // Enter makes a secret where none is known
}

// wrong is why answers cannot be used.
type wrong struct {
	variables []string // whose answers, to be given again in this order; none: nobody's, it may pass
	why       string   // in the language of the person, with the next step
	err       error    // what was met; nil: why says all
	ends      bool     // what this run was started with cannot be right: asking again would find the same
}

// settle gets an answer to each question and has them verified together, until they are right. Without a terminal the
// first wrong one ends it.
func (s *setup) settle(questions []question, verify func(context.Context, []question) *wrong) error {
	for _, q := range questions {
		if err := s.obtain(q); err != nil {
			return err
		}
	}
	for {
		w := verify(s.ctx, questions)
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if w == nil {
			return nil
		}
		if err := s.retry(questions, w); err != nil {
			return err
		}
	}
}

// obtain takes the answer of a flag, of the environment or of the file, or asks.
func (s *setup) obtain(q question) error {
	if q.later {
		return nil
	}
	if q.given != "" {
		s.answers[q.variable] = q.given
	}
	values, err := s.values()
	if err != nil {
		return err
	}
	_, inFile := s.file.Value(q.variable)
	_, answered := s.answers[q.variable]
	known := values[q.variable] != "" || answered || (q.optional && inFile)
	switch {
	case known && (!s.Again || s.dialogue == nil || q.given != ""):
		return nil // whether it is right is verified
	case s.dialogue != nil:
		return s.ask(q)
	case q.initial != "":
		s.answers[q.variable] = q.initial
		return nil
	case q.optional:
		return nil
	}
	return fmt.Errorf("%w: %s: %s: %s", config.ErrInvalid, q.source(), s.text(
		"there is no answer and no terminal to ask on", "ответа нет, и спросить не у кого (нет терминала)"), q.form)
}

// source is where an answer can be given without a terminal.
func (q question) source() string {
	if q.flag != "" {
		return q.flag + ", " + q.variable
	}
	if config.IsSecret(q.variable) {
		return q.variable + ", " + q.variable + "_FILE"
	}
	return q.variable
}

// ask has a person answer until the form is right. Enter keeps what is set, or takes what is proposed.
func (s *setup) ask(q question) error {
	for {
		values, err := s.values()
		if err != nil {
			return err
		}
		secret, now := config.IsSecret(q.variable), values[q.variable]
		if s.form(q, now) != nil { // not worth keeping, and it may be a secret in the wrong place
			now = ""
		}
		answer, err := s.dialogue.ask(s.ctx, s.prompt(q, secret, now), secret)
		if err != nil {
			return err
		}
		if !strings.HasSuffix(q.variable, "_PASSWORD") { // of a password every sign may count
			answer = strings.TrimSpace(answer)
		}
		switch {
		case answer == "-" && q.optional:
			answer = ""
		case answer == "" && now != "":
			return nil
		case answer == "" && q.initial != "":
			answer = q.initial
		case answer == "" && q.made:
			s.answers[q.variable], s.made = rand.Text(), append(s.made, q.variable)
			return nil
		case answer == "" && !q.optional:
			s.print("  ✗ " + s.text("an answer is needed: ", "нужен ответ: ") + q.form)
			continue
		}
		if w := s.form(q, answer); w != nil {
			s.tell(w)
			continue
		}
		s.answers[q.variable], s.typed[q.variable] = answer, true
		s.made = slices.DeleteFunc(s.made, func(name string) bool { return name == q.variable })
		return nil
	}
}

func (s *setup) prompt(q question, secret bool, now string) string {
	var hints []string
	if secret {
		hints = append(hints, s.text("not shown while typed", "при вводе не показывается"))
	}
	switch {
	case now != "" && secret:
		hints = append(hints, s.text("Enter: keep the present one", "Enter — оставить прежний"))
	case now != "":
		hints = append(hints, "Enter: "+oneLine(now))
	case q.initial != "":
		hints = append(hints, "Enter: "+q.initial)
	case q.made:
		hints = append(hints, s.text("Enter: there is no such user, create it", "Enter — такого пользователя нет, создать"))
	case q.optional:
		hints = append(hints, s.text("Enter: none", "Enter — не задавать"))
	}
	switch {
	case now != "" && q.optional:
		hints = append(hints, s.text("-: none", "- — убрать"))
	case q.made:
		hints = append(hints, s.text("-: none", "- — не задавать"))
	}
	if len(hints) == 0 {
		return q.text + ": "
	}
	return fmt.Sprintf("%s (%s): ", q.text, strings.Join(hints, "; "))
}

// form judges an answer by itself, as the configuration would.
func (s *setup) form(q question, answer string) *wrong {
	if strings.ContainsFunc(answer, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return &wrong{variables: []string{q.variable}, why: s.text(
			"it holds a sign that cannot be seen: type or copy it again",
			"в ответе есть невидимый знак: введите или скопируйте его ещё раз")}
	}
	if answer == "" {
		return nil
	}
	if _, err := config.Load([]string{q.variable + "=" + answer}, ""); err != nil {
		return &wrong{variables: []string{q.variable}, why: q.form, err: err}
	}
	return nil
}

// checkForm judges answers that only have a form.
func (s *setup) checkForm(_ context.Context, questions []question) *wrong {
	values, err := s.values()
	if err != nil {
		return s.blame(questions, err)
	}
	for _, q := range questions {
		if w := s.form(q, values[q.variable]); w != nil {
			return w
		}
	}
	return nil
}

// blame finds the question that an error of the configuration is about.
func (s *setup) blame(questions []question, err error) *wrong {
	for _, q := range questions {
		if strings.Contains(err.Error(), q.variable) {
			return &wrong{variables: []string{q.variable}, why: q.form, err: err}
		}
	}
	return &wrong{why: s.text("the settings cannot be used; mend them and run this again",
		"с такими настройками работать нельзя; исправьте их и запустите ещё раз"), err: err, ends: true}
}

// tell says what is wrong.
func (s *setup) tell(w *wrong) {
	s.print("  ✗ " + w.why)
	if w.err != nil {
		s.print("    (" + oneLine(s.say(w.err.Error())) + ")")
	}
}

// retry asks for the wrong answers again, or, where that is in vain or there is no terminal, says where they come from.
func (s *setup) retry(questions []question, w *wrong) error {
	w.variables = slices.DeleteFunc(w.variables, func(name string) bool { return indexOf(questions, name) < 0 })
	if s.dialogue != nil && !w.ends {
		s.tell(w)
		if len(w.variables) == 0 {
			_, err := s.dialogue.ask(s.ctx, s.text("Enter: try again; Ctrl-C: end ",
				"Enter — попробовать ещё раз, Ctrl+C — выйти "), false)
			return err
		}
		for _, name := range w.variables {
			if err := s.ask(questionOf(questions, name)); err != nil {
				return err
			}
		}
		return nil
	}
	text := w.why
	if w.err != nil {
		text += " (" + oneLine(s.say(w.err.Error())) + ")"
	}
	if len(w.variables) == 0 {
		if errors.Is(w.err, config.ErrInvalid) {
			return fmt.Errorf("%w: %s", config.ErrInvalid, text)
		}
		return errors.New(text)
	}
	last := questionOf(questions, w.variables[len(w.variables)-1])
	return fmt.Errorf("%w: %s: %s", config.ErrInvalid, last.source(), text)
}

func indexOf(questions []question, variable string) int {
	return slices.IndexFunc(questions, func(q question) bool { return q.variable == variable })
}

func questionOf(questions []question, variable string) question {
	return questions[indexOf(questions, variable)]
}
