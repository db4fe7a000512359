using System.Globalization;
using System.Text;
using System.Text.Json;
using AiAssignments.Bench.Running;
using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Requests;
using AiAssignments.LoadTesting.Targets;

namespace AiAssignments.Bench.Steps;

/// <summary>The services that are put under load.</summary>
internal static class Scenarios
{
    private const string Json = "application/json";
    private const int MostListed = 1_000;

    /// <summary>All that the installation can be asked for.</summary>
    public static IEnumerable<LoadScenario> Of(BenchContext context)
    {
        if (context.Models.Text is { } text)
        {
            yield return Gateway(text);
            yield return Inference(text);
        }
        else
        {
            context.Collector.Note("No model of the installation sorts texts: gateway, inference and evaluation were not measured.");
        }

        yield return Store();
        yield return Upload(context.Pace);
        yield return WebSocket();
    }

    // The whole way through routing, access control, limits, metrics and cache, without the model.
    private static LoadScenario Gateway(RegisteredModel model) => new()
    {
        Id = "gateway",
        Subject = $"Gateway (predictions of {model.Name} from the cache)",
        Path = model.PredictPath,
        ContentType = Json,
        Requests = (context, _) => new RequestCycle(new LoadRequest("POST", model.PredictPath, Body($"a text that was asked before {context.RunId}"))),
        Users = 64,
        Rate = 10_000,
        Connections = 5_000,
    };

    // No text is asked twice, so that no cache knows it.
    private static LoadScenario Inference(RegisteredModel model) => new()
    {
        Id = "inference",
        Subject = $"Model service (predictions of {model.Name}, each text new)",
        Path = model.PredictPath,
        ContentType = Json,
        Requests = (_, run) => new MadeRequests(ordinal => new LoadRequest("POST", model.PredictPath, Body($"shares of the {run} company fell after the {ordinal}th profit warning of the season"))),
        Users = 64,
        Rate = 1_000,
        Connections = 500,
    };

    private static LoadScenario Store() => new()
    {
        Id = "store",
        Subject = "Store queries (lists of jobs, evaluations, datasets, models)",
        Path = "/api/jobs",
        Requests = (_, _) => new RequestCycle(
        [
            .. ((string[])["/api/jobs?pageSize=20", "/api/evaluations?pageSize=20", "/api/datasets?pageSize=20", "/api/models?pageSize=20", "/api/evaluations?pageSize=20&sort=headline", "/api/datasets?pageSize=20&sort=name"])
                .Select(path => new LoadRequest("GET", path, default)),
        ]),
        Users = 16,
        Rate = 500,
        Connections = 50,
        HasThroughput = false,
        Prepare = ListsAsync,
    };

    // What a query costs depends on what is there: a private installation is filled, a running one is taken as it is.
    private static async Task<string> ListsAsync(BenchContext context, CancellationToken cancellationToken)
    {
        if (context.IsPrivate && context.Models.Text is { } model)
        {
            await StoreSeed.FillAsync(context, model, cancellationToken).ConfigureAwait(false);
        }

        var counts = new List<string>();
        foreach (var list in new[] { "jobs", "evaluations", "datasets", "models" })
        {
            var count = (await context.Installation.ListAsync($"/api/{list}", MostListed, cancellationToken).ConfigureAwait(false)).Count;
            counts.Add(string.Create(CultureInfo.InvariantCulture, $"{count:N0}{(count >= MostListed ? " or more" : string.Empty)} {list}"));
        }

        return $"at the beginning the lists held {string.Join(", ", counts)}; longer ones take longer.";
    }

    private static LoadScenario Upload(BenchPace pace) => new()
    {
        Id = "upload",
        Subject = FormattableString.Invariant($"File upload ({pace.UploadBytes / 1e6:0.#} MB each, hashed, recognized and registered)"),
        Path = "/api/datasets",
        ContentType = "application/octet-stream",
        Requests = (context, run) =>
        {
            var path = $"/api/datasets?name={BenchFiles.Name(context, "upload")}";
            var content = BenchFiles.Csv(run, pace.UploadBytes, ["no", "yes"], 0);
            return new MadeRequests(ordinal =>
            {
                var (head, tail) = BenchFiles.Numbered(content, ordinal);
                return new LoadRequest("POST", path, head) { Tail = tail };
            });
        },
        Users = 25,
        Rate = 50,
        Connections = 25,
        MostRequests = pace.MostUploads,
        Clean = (context, cancellationToken) => BenchFiles.DeleteAsync(context, BenchFiles.Name(context, "upload"), cancellationToken),
    };

    private static LoadScenario WebSocket() => new()
    {
        Id = "websocket",
        Subject = "WebSocket messages (sent and answered)",
        Path = "/api/negotiate",
        Protocol = LoadProtocol.WebSocket,
        WebSocket = new WebSocketExchange("json.webpubsub.azure.v1", null, Negotiate: true),
        Requests = (_, _) => new RequestCycle(new LoadRequest("GET", "/", Encoding.UTF8.GetBytes("""{"type":"ping"}"""))),
        Users = 16,
        Rate = 1_000,
        Connections = 100,
        HasThroughput = false,
    };

    private static byte[] Body(string text) => JsonSerializer.SerializeToUtf8Bytes(new { text }, JsonSerializerOptions.Web);
}
