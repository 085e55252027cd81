package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/contract"
)

type contractCommand struct {
	JSON  bool   `help:"Print the assumptions as a JSON list."`
	Shape string `help:"Instead, ask QTickets for one page of each list and write the form of its responses to FILE: names, kinds, lengths and counts, no value. Fit to be sent to the maintainers; \"sim --shape\" reads it." placeholder:"FILE"`
}

// Help is the end of the command's help.
func (contractCommand) Help() string {
	return `What the program assumes about the API of QTickets, and what loads have seen of it: ▲ refuted, ○ not seen, ● confirmed.
The evidence is counts. Questions: docs/qtickets-api.md, section 18 and the last list of section 8.

Example: qtickets_api contract --json
         qtickets_api contract --shape qtickets-shape.json

Exit status: 0, also when an assumption is refuted.`
}

// contractLocale is the set of texts of "contract" in one language.
type contractLocale struct {
	summary, line, affects, evidence, unseen, never, written string
	names                                                    map[contract.State]string
}

var contractTexts = map[string]contractLocale{
	"en": {
		summary: "Assumptions about the QTickets API: %d. Refuted: %d, not seen: %d, confirmed: %d.",
		line:    "\n%s %d. %s\n   %s, since %s\n", affects: "   affects: %s\n", evidence: "   %s: %d; %s: %d\n",
		unseen: "   cannot be seen by reading: %s\n", never: "   no observation yet\n",
		written: "Written to %s: names, kinds, lengths and counts, no value. Look at it before you send it.\n",
		names: map[contract.State]string{contract.Refuted: "refuted", contract.NotSeen: "not seen",
			contract.Confirmed: "confirmed"},
	},
	"ru": {
		summary: "Предположений об API QTickets: %d. Противоречат данным: %d, не проверены: %d, подтверждены: %d.",
		line:    "\n%s %d. %s\n   %s, с %s\n", affects: "   на что влияет: %s\n", evidence: "   %s: %d; %s: %d\n",
		unseen: "   чтением не увидеть: %s\n", never: "   наблюдений ещё нет\n",
		written: "Записано в %s: имена, виды, длины и количества, без значений. Посмотрите файл перед отправкой.\n",
		names: map[contract.State]string{contract.Refuted: "противоречит данным", contract.NotSeen: "не проверено",
			contract.Confirmed: "подтверждено"},
	},
}

// contractSigns are in the order of the list.
var contractSigns = []struct {
	state contract.State
	sign  string
}{{contract.Refuted, "▲"}, {contract.NotSeen, "○"}, {contract.Confirmed, "●"}}

// Run lists the assumptions, or writes the form of the responses.
func (c contractCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	if c.Shape != "" {
		return a.writeShape(settings, c.Shape)
	}
	db, stop, err := a.openSchema(a.ctx, settings)
	if err != nil {
		return err
	}
	defer stop()
	stored, err := db.Assumptions(a.ctx)
	if err != nil {
		return err
	}
	standings := contract.Standings(stored)
	if c.JSON {
		return printContractJSON(a.Stdout, standings, a.lang)
	}
	printContract(a.Stdout, standings, a.lang)
	return nil
}

// contractSummary says how many assumptions stand how.
func contractSummary(standings []contract.Standing, lang string) string {
	count := map[contract.State]int{}
	for _, s := range standings {
		count[s.State]++
	}
	return fmt.Sprintf(contractTexts[lang].summary, len(standings), count[contract.Refuted], count[contract.NotSeen],
		count[contract.Confirmed])
}

func printContract(w io.Writer, standings []contract.Standing, lang string) {
	t := contractTexts[lang]
	fmt.Fprintln(w, contractSummary(standings, lang))
	for _, group := range contractSigns {
		for _, s := range standings {
			if s.State != group.state {
				continue
			}
			q := contract.Of(s.ID)
			since := "—"
			if !s.Since.IsZero() {
				since = s.Since.Format(moment)
			}
			fmt.Fprintf(w, t.line, group.sign, s.ID, q.Assumes.In(lang), t.names[s.State], since)
			fmt.Fprintf(w, t.affects, q.Affects.In(lang))
			switch {
			case !q.Visible():
				fmt.Fprintf(w, t.unseen, q.Unseen.In(lang))
			case s.Counts == (contract.Counts{}):
				fmt.Fprint(w, t.never)
			default:
				fmt.Fprintf(w, t.evidence, q.For.In(lang), s.For, q.Against.In(lang), s.Against)
			}
		}
	}
}

// contractLine is an assumption as --json prints it.
type contractLine struct {
	ID         contract.ID    `json:"id"`
	Code       string         `json:"code"`
	Assumes    string         `json:"assumes"`
	Affects    string         `json:"affects"`
	State      contract.State `json:"state"`
	Confirming uint64         `json:"confirming"`
	Refuting   uint64         `json:"refuting"`
	Unseen     string         `json:"unseen,omitempty"` // why reading cannot tell
	Since      *time.Time     `json:"since"`
	FirstSeen  *time.Time     `json:"first_seen"`
	ForAt      *time.Time     `json:"confirmed_at"`
	AgainstAt  *time.Time     `json:"refuted_at"`
	Run        string         `json:"run_id"`
}

func printContractJSON(w io.Writer, standings []contract.Standing, lang string) error {
	lines := make([]contractLine, 0, len(standings))
	for _, s := range standings {
		q := contract.Of(s.ID)
		line := contractLine{ID: s.ID, Code: q.Code, Assumes: q.Assumes.In(lang), Affects: q.Affects.In(lang), State: s.State,
			Confirming: s.For, Refuting: s.Against, Unseen: q.Unseen.In(lang), FirstSeen: s.FirstSeen, ForAt: s.ForAt,
			AgainstAt: s.AgainstAt, Run: s.Run}
		if !s.Since.IsZero() {
			line.Since = &s.Since
		}
		lines = append(lines, line)
	}
	return json.NewEncoder(w).Encode(lines)
}
