// Reads an account of PagerDuty with the client that PagerDuty publishes, page by page, and prints what it found under
// its own names; or prints incidents as its types write them. It shares no code with Tickmark.
//
//	read-pages list URL TOKEN SINCE UNTIL
//	read-pages made
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/PagerDuty/go-pagerduty"
)

const atOnce = 100

type found struct {
	Incidents []map[string]any `json:"incidents"`
	Entries   []map[string]any `json:"entries"`
}

func main() {
	if len(os.Args) == 6 && os.Args[1] == "list" {
		print(list(os.Args[2], os.Args[3], os.Args[4], os.Args[5]))
		return
	}
	if len(os.Args) == 2 && os.Args[1] == "made" {
		print(made())
		return
	}
	fail(fmt.Errorf("expected list URL TOKEN SINCE UNTIL, or made"))
}

func list(url, token, since, until string) found {
	client := pagerduty.NewClient(token, pagerduty.WithAPIEndpoint(url))
	result := found{Incidents: []map[string]any{}, Entries: []map[string]any{}}
	for offset, more := uint(0), true; more; offset += atOnce {
		page, err := client.ListIncidentsWithContext(context.Background(),
			pagerduty.ListIncidentsOptions{Limit: atOnce, Offset: offset, Since: since, Until: until, TimeZone: "UTC"})
		fail(err)
		for _, it := range page.Incidents {
			priority := ""
			if it.Priority != nil {
				priority = it.Priority.Summary
			}
			result.Incidents = append(result.Incidents, map[string]any{
				"id": it.ID, "number": it.IncidentNumber, "title": it.Title, "created": it.CreatedAt, "status": it.Status, "resolved": it.ResolvedAt,
				"urgency": it.Urgency, "priority": priority, "service": it.Service.Summary, "page": it.HTMLURL,
			})
		}
		more = page.More
	}
	for offset, more := uint(0), true; more; offset += atOnce {
		page, err := client.ListLogEntriesWithContext(context.Background(),
			pagerduty.ListLogEntriesOptions{Limit: atOnce, Offset: offset, Since: since, Until: until, TimeZone: "UTC"})
		fail(err)
		for _, it := range page.LogEntries {
			result.Entries = append(result.Entries, map[string]any{
				"id": it.ID, "type": it.Type, "created": it.CreatedAt, "agent": it.Agent.Type, "name": it.Agent.Summary,
				"channel": it.Channel.Type, "note": it.Channel.Raw["summary"], "incident": it.Incident.ID,
			})
		}
		more = page.More
	}
	return result
}

// Two incidents, as the types of the client write them: one that a person took and explained, and one that nobody did.
func made() map[string]any {
	service := pagerduty.APIObject{ID: "PSVC", Type: "service_reference", Summary: "Identity"}
	taken := pagerduty.Incident{
		APIObject:      pagerduty.APIObject{ID: "Q1MADE", Type: "incident", Summary: "[#7] Sign-ins", HTMLURL: "https://acme.pagerduty.com/incidents/Q1MADE"},
		IncidentNumber: 7, Title: "Sign-ins from two continents", CreatedAt: "2026-03-12T12:00:00Z", Status: "resolved", ResolvedAt: "2026-03-12T13:30:00Z",
		Urgency: "high", Priority: &pagerduty.Priority{APIObject: pagerduty.APIObject{ID: "PP1", Type: "priority", Summary: "P1"}, Name: "P1"}, Service: service,
	}
	open := pagerduty.Incident{
		APIObject:      pagerduty.APIObject{ID: "Q2MADE", Type: "incident", Summary: "[#8] Disk", HTMLURL: "https://acme.pagerduty.com/incidents/Q2MADE"},
		IncidentNumber: 8, Title: "Disk is nearly full", CreatedAt: "2026-03-13T06:00:00Z", Status: "triggered", Urgency: "low", Service: service,
	}
	maria := pagerduty.Agent{ID: "PM", Type: "user_reference", Summary: "Maria Lopez"}
	entry := func(of pagerduty.Incident, kind, at string, agent pagerduty.Agent, channel string) pagerduty.LogEntry {
		its := pagerduty.LogEntry{Incident: of, Service: service}
		its.APIObject = pagerduty.APIObject{ID: "R" + kind + of.ID, Type: kind + "_log_entry"}
		its.CreatedAt, its.Agent = at, agent
		fail(json.Unmarshal([]byte(channel), &its.Channel))
		return its
	}
	machine := pagerduty.Agent(service)
	return map[string]any{
		"incidents": []pagerduty.Incident{taken, open},
		"log_entries": []pagerduty.LogEntry{
			entry(taken, "trigger", "2026-03-12T12:00:00Z", machine, `{"type":"api"}`),
			entry(taken, "notify", "2026-03-12T12:01:00Z", machine, `{"type":"auto"}`),
			entry(taken, "escalate", "2026-03-12T12:12:00Z", machine, `{"type":"timeout"}`),
			entry(taken, "acknowledge", "2026-03-12T12:13:00Z", maria, `{"type":"mobile"}`),
			entry(taken, "annotate", "2026-03-12T13:00:00Z", maria, `{"type":"note","summary":"Confirmed: a leaked session"}`),
			entry(taken, "resolve", "2026-03-12T13:30:00Z", maria, `{"type":"website"}`),
			entry(open, "trigger", "2026-03-13T06:00:00Z", machine, `{"type":"api"}`),
		},
	}
}

func print(value any) {
	fail(json.NewEncoder(os.Stdout).Encode(value))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
