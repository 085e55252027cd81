package doctor

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

// image asks the Docker of this server, where it can be asked.
func (h host) image(ctx context.Context) {
	if h.root != "/" || !h.installed() {
		return
	}
	const name, build = "qtickets_api:latest", "docker build -t qtickets_api:latest integrations/qtickets_api"
	docker, err := exec.LookPath("docker")
	if err != nil {
		h.warn(4, name, h.say("there is no docker on this server: is the loader installed without it?",
			"Docker на сервере не найден: программа установлена без него?"), "ops/systemd/manage_timers.sh status")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, docker, "image", "inspect", "--format", "{{.Created}}", name).Output()
	if err != nil {
		h.fail(4, name, h.say("is not there, or docker may not be asked by this user",
			"образа нет, или у этого пользователя нет доступа к Docker"), build)
		return
	}
	created, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(out)))
	age := time.Since(created)
	switch {
	case err != nil:
		h.warn(4, name, h.say("age unknown", "дата сборки неизвестна"), "docker images qtickets_api:latest")
	case age > 180*24*time.Hour:
		h.warn(4, name, h.say("built ", "собран ")+h.daysAgo(int(age.Hours()/24)), build)
	default:
		h.ok(4, name, h.say("built ", "собран ")+h.daysAgo(int(age.Hours()/24)))
	}
}

// Least free space: below the first a person should look, below the second ClickHouse soon refuses to write.
const (
	fewBytes = 5 << 30
	noBytes  = 1 << 30
)

// server looks at the room that is left.
func (h host) server() {
	if h.root == "" {
		return
	}
	name := h.say("free disk", "свободное место")
	free, err := freeBytes(h.root)
	found := h.gibibytes(free)
	switch {
	case err != nil:
		h.warn(11, name, err.Error(), "df -h")
	case free < noBytes:
		h.fail(11, name, found, "df -h; docker system df; docker image prune")
	case free < fewBytes:
		h.warn(11, name, found, "df -h; docker system df; docker image prune")
	default:
		h.ok(11, name, found)
	}
}
