using System.CommandLine;
using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Arrivals;
using AiAssignments.LoadTesting.Requests;
using AiAssignments.LoadTesting.Targets;
using AiAssignments.Pipeline.Datasets;

namespace AiAssignments.Cli.Commands;

/// <summary>What a load test sends.</summary>
internal sealed class LoadRequestOptionSet
{
    private readonly Option<string?> method = new("--method") { Description = "HTTP method. Default: GET, or POST where there is a body." };
    private readonly Option<string[]> headers = new("--header") { Description = "NAME: VALUE, sent with every request. May be repeated.", DefaultValueFactory = _ => [] };
    private readonly Option<string?> key = new("--key") { Description = "API key, sent as X-API-Key. Default: $AIA_KEY, which others on the machine cannot read." };
    private readonly Option<string?> body = new("--body") { Description = "The body (or WebSocket message) of each request; {n} in it becomes the request's number." };
    private readonly Option<FileInfo?> bodyFile = new("--body-file") { Description = "A file with the body, or with one a line (.jsonl), taken in turn; {n} as above." };
    private readonly Option<string?> dataset = new("--dataset") { Description = "A dataset whose texts fill the template, one record a request, in turn." };
    private readonly Option<string?> format = new("--format") { Description = "Format of the dataset, when its content does not tell." };
    private readonly Option<string?> input = new("--input-column") { Description = "Column of the text: a name or a 0-based index." };
    private readonly Option<string?> pair = new("--pair-column") { Description = "Column of the second text of a pair." };
    private readonly Option<string> template = new("--template") { Description = "Body of a dataset's record: {text}, {pair}, {n}.", DefaultValueFactory = _ => BodyTemplate.Predict };
    private readonly Option<string?> model = new("--model") { Description = "gRPC: the model (NAME or NAME@VERSION) that ModelInfer is asked of; bodies are the protocol's JSON." };
    private readonly Option<string> success = new("--success") { Description = "Statuses that count as success.", DefaultValueFactory = _ => "200-299" };
    private readonly Option<string?> subprotocol = new("--subprotocol") { Description = "WebSocket: subprotocol, for example json.webpubsub.azure.v1." };
    private readonly Option<string?> group = new("--group") { Description = "WebSocket, Web PubSub: join this group, publish each message to it, and wait for it to come back (publish to receive)." };
    private readonly Option<bool> negotiate = new("--negotiate") { Description = "WebSocket: ask the URL by POST where to connect, as Web PubSub's clients do." };

    public LoadRequestOptionSet(Command command)
    {
        foreach (Option option in new Option[] { method, headers, key, body, bodyFile, dataset, format, input, pair, template, model, success, subprotocol, group, negotiate })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Headers, with the key and the bodies' type unless they are given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers(ParseResult parsed, IReadOnlyList<TraceEntry>? trace)
    {
        var all = parsed.GetValue(headers)!.Select(Split).ToList();
        var secret = parsed.GetValue(key) ?? Environment.GetEnvironmentVariable("AIA_KEY");
        if (!string.IsNullOrEmpty(secret))
        {
            all.Add(new("X-API-Key", secret));
        }

        var hasBody = parsed.GetValue(body) is not null || parsed.GetValue(bodyFile) is not null || parsed.GetValue(dataset) is not null
            || trace?.Any(entry => entry.Body is not null) == true;
        if (hasBody && !all.Exists(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)))
        {
            all.Add(new("Content-Type", "application/json"));
        }

        return all;
    }

    public Func<int, bool> Accepts(ParseResult parsed, LoadProtocol protocol)
    {
        if (protocol == LoadProtocol.Grpc)
        {
            return status => status == 0;
        }

        var ranges = parsed.GetValue(success)!.Split(',').Select(range =>
        {
            var ends = range.Split('-');
            return ends.Length <= 2 && Status(ends[0]) is { } from && Status(ends[^1]) is { } to
                ? (from, to)
                : throw new ProblemException("option-invalid", $"--success is '{parsed.GetValue(success)}'; it must be statuses like 200-299,304.");
        }).ToArray();
        return status => ranges.Any(range => status >= range.from && status <= range.to);
    }

    public WebSocketExchange WebSocket(ParseResult parsed) =>
        new(parsed.GetValue(subprotocol) ?? (parsed.GetValue(group) is null && !parsed.GetValue(negotiate) ? null : "json.webpubsub.azure.v1"), parsed.GetValue(group), parsed.GetValue(negotiate));

    public async Task<IRequestSource> ReadAsync(ParseResult parsed, LoadTarget target, IReadOnlyList<TraceEntry>? trace, CancellationToken cancellationToken)
    {
        var bodies = await BodiesAsync(parsed, cancellationToken).ConfigureAwait(false);
        var (path, verb) = (target.Url.PathAndQuery, parsed.GetValue(method) ?? (bodies is ["" or null] ? "GET" : "POST"));
        Func<string, byte[]>? encode = null;
        if (target.Protocol == LoadProtocol.Grpc)
        {
            var name = parsed.GetValue(model) ?? throw new ProblemException("option-invalid", "gRPC needs --model NAME, and the request as JSON of the Open Inference Protocol by --body or --body-file.");
            (path, verb) = ("/inference.GRPCInferenceService/ModelInfer", "POST");
            encode = json => InferMessage.Encode(name, json);
        }

        return trace is null ? RequestFactory.Of(verb, path, bodies, encode) : RequestFactory.Of(trace, verb, path, bodies[0], encode);
    }

    private async Task<IReadOnlyList<string>> BodiesAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (text, file, records) = (parsed.GetValue(body), parsed.GetValue(bodyFile), parsed.GetValue(dataset));
        if ((text is null ? 0 : 1) + (file is null ? 0 : 1) + (records is null ? 0 : 1) > 1)
        {
            throw new ProblemException("option-invalid", "Bodies come from one of --body, --body-file and --dataset.");
        }

        if (records is not null)
        {
            using var staged = await TemporaryStaging.OpenAsync(records, StagingLimits.Default, cancellationToken).ConfigureAwait(false);
            var recognition = new DatasetOptions { Format = parsed.GetValue(format), InputColumn = parsed.GetValue(input), PairColumn = parsed.GetValue(pair) };
            return await DatasetBodies.ReadAsync(staged.Source, recognition, parsed.GetValue(template)!, cancellationToken).ConfigureAwait(false);
        }

        return file is not null ? BodyFile.Read(file.FullName) : [text ?? string.Empty];
    }

    private static KeyValuePair<string, string> Split(string header)
    {
        var colon = header.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? new(header[..colon].Trim(), header[(colon + 1)..].Trim())
            : throw new ProblemException("option-invalid", "A --header must be NAME: VALUE, for example 'Accept: application/json'.");
    }

    private static int? Status(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 999 ? status : null;
}
