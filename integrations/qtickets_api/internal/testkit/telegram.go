package testkit

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Telegram answers like the Bot API and keeps what it was sent.
type Telegram struct {
	mu     sync.Mutex
	server *httptest.Server
	texts  []string
	broken bool
	moved  map[string]int64  // chats that have another id now
	refuse map[string]string // chats that take no messages: the status and what is said of it
	asked  int
}

// TelegramToken is the token of its bot.
const TelegramToken = "123456:canary-token-of-a-bot"

// ServeTelegram serves until the test ends.
func ServeTelegram(t testing.TB) *Telegram {
	t.Helper()
	g := &Telegram{}
	g.server = httptest.NewServer(g)
	t.Cleanup(g.server.Close)
	return g
}

// URL is the address of a channel that sends to a chat.
func (g *Telegram) URL(chat string) string {
	return "telegram://" + TelegramToken + "@" + strings.TrimPrefix(g.server.URL, "http://") + "/?disabletls=yes&chats=" +
		chat
}

// Break makes it refuse messages, or accept them again.
func (g *Telegram) Break(broken bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.broken = broken
}

// Upgrade makes a supergroup of a group: it is known by another id from now on.
func (g *Telegram) Upgrade(chat string, id int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.moved = map[string]int64{chat: id}
}

// Refuse makes a chat refuse messages with an answer such as "403 Forbidden: bot was blocked by the user"; "": it takes
// them again.
func (g *Telegram) Refuse(chat, answer string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refuse = map[string]string{chat: answer}
}

// Asked is how many requests there were since the last call.
func (g *Telegram) Asked() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	asked := g.asked
	g.asked = 0
	return asked
}

// Texts are the messages since the last call, the chat before each.
func (g *Telegram) Texts() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	texts := g.texts
	g.texts = nil
	return texts
}

func (g *Telegram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var m struct {
		Chat string `json:"chat_id"`
		Text string `json:"text"`
	}
	g.asked++
	switch {
	case g.broken:
		http.Error(w, "<html>bad gateway of bot"+TelegramToken+"</html>", http.StatusBadGateway)
	case r.Method != http.MethodPost || r.URL.Path != "/bot"+TelegramToken+"/sendMessage":
		http.Error(w, `{"ok":false,"error_code":404,"description":"Not Found"}`, http.StatusNotFound)
	case json.NewDecoder(r.Body).Decode(&m) != nil || m.Chat == "" || m.Chat == "nobody" || m.Text == "":
		http.Error(w, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`, http.StatusBadRequest)
	case g.moved[m.Chat] != 0:
		g.fail(w, http.StatusBadRequest, "Bad Request: group chat was upgraded to a supergroup chat",
			map[string]int64{"migrate_to_chat_id": g.moved[m.Chat]})
	case g.refuse[m.Chat] != "":
		status, said, _ := strings.Cut(g.refuse[m.Chat], " ")
		code, _ := strconv.Atoi(status)
		g.fail(w, code, said, nil)
	default:
		g.texts = append(g.texts, m.Chat+": "+m.Text)
		_, _ = w.Write([]byte(`{"ok":true,"result":{"message_id":1}}`))
	}
}

func (g *Telegram) fail(w http.ResponseWriter, status int, said string, parameters map[string]int64) {
	answer := map[string]any{"ok": false, "error_code": status, "description": said}
	if parameters != nil {
		answer["parameters"] = parameters
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // a test that does not listen is told nothing
}
