using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>Evaluations that are in whatever state a test says, so that the page is looked at in the middle of them without a race.</summary>
internal sealed class MadeUp
{
    private readonly Dictionary<string, object> jobs = [];
    private readonly List<IWebSocketRoute> sockets = [];
    private readonly List<Action> joining = [];

    /// <summary>Whether sockets are opened; otherwise each is closed at once.</summary>
    public bool Live { get; set; } = true;

    /// <summary>Whether who joins a group waits for <see cref="LetJoin"/>. As on Azure, no last state is sent to him then or otherwise.</summary>
    public bool HoldJoins { get; set; }

    /// <summary>Evaluations in one page of the list.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>Stands between the page and the server.</summary>
    public async Task AttachAsync(IPage page)
    {
        await page.RouteAsync(url => new Uri(url).AbsolutePath == "/api/evaluations", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "application/json", Body = List(route.Request.Url) }));
        await page.RouteAsync(url => new Uri(url).AbsolutePath.StartsWith("/api/evaluations/", StringComparison.Ordinal), route => route.FulfillAsync(
            new RouteFulfillOptions { ContentType = "application/json", Body = JsonSerializer.Serialize(jobs[new Uri(route.Request.Url).Segments[^1]]) }));
        await page.RouteWebSocketAsync(url => new Uri(url).AbsolutePath == "/client", socket =>
        {
            if (!Live)
            {
                _ = socket.CloseAsync();
                return;
            }

            sockets.Add(socket);
            socket.OnMessage(frame => Answer(socket, JsonDocument.Parse(frame.Text!).RootElement));
            socket.Send("""{"type":"system","event":"connected","userId":null,"connectionId":"c"}""");
        });
    }

    /// <summary>Says how an evaluation stands.</summary>
    public void Set(string id, string status, int shardsDone = 0, int shards = 4)
    {
        var number = int.Parse(id, CultureInfo.InvariantCulture);
        jobs[id] = new
        {
            id,
            status,
            createdAt = new DateTimeOffset(2026, 1, 5, 9, 0, number, TimeSpan.Zero),
            request = new { model = "topic@1", datasetId = "00112233445566778899aabbccddeeff" },
            title = $"topic@1 on made-up-{id}.csv",
            progress = new { stage = status == "running" ? "scoring" : status, shardsDone, shards, records = 1000 },
            outcome = status != "completed" ? null : new { model = "topic@1", dataset = $"made-up-{id}.csv", metric = "accuracy", records = 1000, headline = new { value = 0.5, lower = 0.4, upper = 0.6 } },
        };
    }

    /// <summary>Tells the page of progress, as the server does.</summary>
    public void Tell(string id, string stage, long done, long total)
    {
        var data = new { kind = "progress", jobId = id, title = $"topic@1 on made-up-{id}.csv", stage, done, total, at = DateTimeOffset.UnixEpoch };
        sockets[^1].Send(JsonSerializer.Serialize(new { type = "message", from = "group", group = "jobs", dataType = "json", data }));
    }

    /// <summary>Lets those join who wait.</summary>
    public void LetJoin()
    {
        HoldJoins = false;
        joining.ForEach(join => join());
        joining.Clear();
    }

    /// <summary>Loses the connection, and lets none come back.</summary>
    public async Task LoseAsync()
    {
        Live = false;
        await sockets[^1].CloseAsync();
    }

    private void Answer(IWebSocketRoute socket, JsonElement message)
    {
        if (message.TryGetProperty("ackId", out var id))
        {
            joining.Add(() => socket.Send($$"""{"type":"ack","ackId":{{id}},"success":true}"""));
            if (!HoldJoins)
            {
                LetJoin();
            }
        }
    }

    private string List(string url)
    {
        var query = System.Web.HttpUtility.ParseQueryString(new Uri(url).Query);
        var wanted = jobs.Values.Reverse().Where(job => query["status"] is not { Length: > 0 } status || JsonSerializer.SerializeToElement(job).GetProperty("status").GetString() == status).ToList();
        var from = query["continuation"] is { Length: > 0 } at ? int.Parse(at, CultureInfo.InvariantCulture) : 0;
        var next = from + PageSize < wanted.Count ? (from + PageSize).ToString(CultureInfo.InvariantCulture) : null;
        return JsonSerializer.Serialize(new { items = wanted.Skip(from).Take(PageSize), continuation = next });
    }
}
