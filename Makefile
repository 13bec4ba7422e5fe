# Everything a newcomer or CI runs. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help build demo test check unit stories vuln clean

# Arguments for the demo, such as: make demo ARGS="--addr 127.0.0.1:9090"
ARGS ?=

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build bin/poruch
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w" -o bin/poruch ./cmd/poruch

# exec lets Ctrl-C, and a signal to the process group, reach poruch itself.
demo: build ## Run everything on this machine, with one page in the browser
	@scripts/ensure-packages postgres
	@exec bin/poruch demo $(ARGS)

test: ## Set up and run every proof, as CI does
	@scripts/ensure-packages postgres redis chromium gcc
	@$(MAKE) --no-print-directory check unit stories

check: ## Check the format, vet and staticcheck
	@echo "== format, vet, staticcheck"
	@bad=$$(gofmt -l .) || exit 1; if [ -n "$$bad" ]; then echo "run gofmt -w on:"; echo "$$bad"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

# The race detector needs cgo, whatever the caller's environment says.
unit: ## Test every package but the program itself
	@echo "== packages"
	CGO_ENABLED=1 go test -race -timeout 20m $$(go list ./... | grep -v '/cmd/poruch$$')

stories: ## Test the program from end to end, naming each story
	@echo "== stories, end to end"
	CGO_ENABLED=1 go test -race -timeout 20m -v ./cmd/poruch

vuln: ## Look for known vulnerabilities (asks the Go vulnerability database)
	go tool govulncheck ./...

clean: ## Remove what build made
	rm -rf bin
