using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Responses;
using AiAssignments.Http.Routes;
using AiAssignments.Http.Routing;
using AiAssignments.Http.Serialization;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Gateway;
using AiAssignments.Pipeline.Uploads;

namespace AiAssignments.Http.Uploads;

/// <summary><c>POST /api/datasets</c> takes a whole dataset; <c>/api/datasets/uploads</c> takes one in pieces (tus 1.0.0).</summary>
internal sealed class UploadRoutes(IdempotencyKeys keys) : IGatewayRoutes
{
    private const string Collection = "api/datasets/uploads";
    private const string One = Collection + "/{id}";
    private const string Example = """{"id":"5d0e7a6f1c2b4938a7e6d5c4b3a29180","name":"reviews.csv","length":1048576,"offset":524288,"state":"receiving","evaluate":false,"createdAt":"2026-01-05T09:30:00+00:00","updatedAt":"2026-01-05T09:30:04+00:00","expiresAt":"2026-01-06T09:30:04+00:00","evaluations":[]}""";

    private static readonly RouteParameter Version = new("Tus-Resumable", "header", "Version of the protocol: 1.0.0.");
    private static readonly RouteParameter Offset = new("Upload-Offset", "header", "Where the piece begins: the present offset, as HEAD tells it.", "integer");
    private static readonly RouteParameter Checksum = new("Upload-Checksum", "header", "sha1 or sha256, a blank, and the piece's checksum in base64.");

    private static readonly string[] Refusals =
    [
        "precondition-failed", "header-invalid", "media-type-unsupported", "upload-not-found", "upload-expired", "upload-locked", "upload-offset-conflict", "upload-lost",
        "checksum-unsupported", "checksum-mismatch", "dataset-unrecognized", "storage-full",
    ];

    /// <inheritdoc />
    public IReadOnlyList<GatewayRoute> Routes { get; } =
    [
        new("UploadDataset", HttpMethods.Post, "api/datasets", AccessScope.Write, context => WholeAsync(context, keys))
        {
            Summary = "Takes a dataset of any size in one streamed body and registers it. The same bytes are registered once.",
            Tag = "Datasets",
            BodyLimit = null,
            Parameters =
            [
                new("name", "query", "File name with its extension, for example reviews.csv."),
                new("evaluate", "query", "true: the active models of its task score it. Default false.", "boolean"),
                ListParameters.IdempotencyKey,
            ],
            Status = StatusCodes.Status201Created,
            RequestTypes = ["application/octet-stream"],
            Problems = ["dataset-empty", "dataset-unrecognized", "upload-name-invalid", "option-invalid", "storage-full", "idempotency-key-invalid", "idempotency-key-conflict", "idempotency-key-busy-conflict"],
            ResponseExample = """{"id":"9f3c1d...","name":"reviews.csv","sizeBytes":1048576,"registeredAt":"2026-01-02T03:04:05+00:00","evaluations":[]}""",
        },
        new("UploadOptions", HttpMethods.Options, Collection, AccessScope.Anonymous, OptionsAsync)
        {
            Summary = "Says which version and extensions of the tus protocol are spoken, and the longest upload.",
            Tag = "Datasets",
            Status = StatusCodes.Status204NoContent,
            ResponseType = null,
        },
        new("ListUploads", HttpMethods.Get, Collection, AccessScope.Read, ListAsync)
        {
            Summary = "Lists uploads, newest first.",
            Tag = "Datasets",
            ResponseSchema = "UploadPage",
            ResponseExample = $$"""{"items":[{{Example}}]}""",
            Problems = ["option-out-of-range", "continuation-invalid"],
            Parameters = [new("pageSize", "query", "Uploads a page, 1 to 1000. Default 100.", "integer"), new("continuation", "query", "Token of the page before.")],
        },
        new("CreateUpload", HttpMethods.Post, Collection, AccessScope.Write, context => CreateAsync(context, keys))
        {
            Summary = "Begins a resumable upload (tus creation).",
            Tag = "Datasets",
            BodyLimit = 0,
            Status = StatusCodes.Status201Created,
            ResponseSchema = "Upload",
            ResponseExample = Example,
            Problems = ["precondition-failed", "header-invalid", "upload-name-invalid", "dataset-empty", "request-too-large", "queue-full", "idempotency-key-invalid", "idempotency-key-conflict", "idempotency-key-busy-conflict"],
            Parameters =
            [
                Version,
                new("Upload-Length", "header", "Bytes in all, 1 or more.", "integer"),
                new("Upload-Metadata", "header", "filename and its value in base64; evaluate with dHJ1ZQ== (true) to have it scored."),
                ListParameters.IdempotencyKey,
            ],
        },
        new("GetUpload", HttpMethods.Get, One, AccessScope.Read, GetAsync)
        {
            Summary = "Tells where an upload stands, and what became of it; asked with HEAD, the offset to go on from (tus).",
            Tag = "Datasets",
            ResponseSchema = "Upload",
            ResponseExample = Example,
            Problems = ["upload-not-found", "upload-expired"],
        },
        new("AppendUpload", HttpMethods.Patch, One, AccessScope.Write, PatchAsync)
        {
            Summary = "Appends a piece (tus). The last one answers when the dataset is registered, with its id in Dataset-Id.",
            Tag = "Datasets",
            BodyLimit = null,
            RequestTypes = [TusProtocol.ContentType],
            Status = StatusCodes.Status204NoContent,
            ResponseType = null,
            Problems = Refusals,
            Parameters = [Version, Offset, Checksum],
        },
        new("EndUpload", HttpMethods.Delete, One, AccessScope.Write, DeleteAsync)
        {
            Summary = "Ends an upload and deletes what was received (tus termination).",
            Tag = "Datasets",
            Status = StatusCodes.Status204NoContent,
            ResponseType = null,
            Problems = ["precondition-failed", "upload-not-found", "upload-expired", "upload-locked"],
            Parameters = [Version],
        },
        new("OverrideUpload", HttpMethods.Post, One, AccessScope.Write, OverrideAsync)
        {
            Summary = "PATCH, DELETE or HEAD for clients that cannot send them: named in X-HTTP-Method-Override.",
            Tag = "Datasets",
            BodyLimit = null,
            RequestTypes = [TusProtocol.ContentType],
            Status = StatusCodes.Status204NoContent,
            ResponseType = null,
            Problems = Refusals,
            Parameters = [Version, new("X-HTTP-Method-Override", "header", "PATCH, DELETE or HEAD."), Offset, Checksum],
        },
    ];

    private static UploadDesk Desk(HttpContext context) => context.RequestServices.GetRequiredService<UploadDesk>();

    private static string Id(HttpContext context) => context.Route("id");

    // The bytes are what a key stands for, and they are known when they are all there: what comes is taken in before the key is looked at, and nothing is lost.
    // The same bytes are the same dataset and the same evaluations anyhow.
    private static async Task<IResult> WholeAsync(HttpContext context, IdempotencyKeys keys)
    {
        var (name, evaluate) = (context.Query("name") ?? string.Empty, IsTrue("evaluate", context.Query("evaluate")));
        var received = await Desk(context).ReceiveWholeAsync(name, context.Request.Body, context.Request.ContentLength, evaluate, context.RequestAborted).ConfigureAwait(false);
        return await Idempotency.RunAsync(context, keys, "UploadDataset", Encoding.UTF8.GetBytes($"{received.Dataset.Id}\n{evaluate}\n{name}"), () =>
        {
            var body = (JsonObject)JsonSerializer.SerializeToNode(received.Dataset, GatewayJson.Options)!;
            body["evaluations"] = JsonSerializer.SerializeToNode(received.Evaluations, GatewayJson.Options);
            return Task.FromResult(Answers.Created($"/api/datasets/{received.Dataset.Id}", body));
        }).ConfigureAwait(false);
    }

    private static Task<IResult> OptionsAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["Tus-Resumable"] = TusProtocol.Version;
        headers["Tus-Version"] = TusProtocol.Version;
        headers["Tus-Extension"] = TusProtocol.Extensions;
        headers["Tus-Max-Size"] = Desk(context).Options.MaxBytes.ToString(CultureInfo.InvariantCulture);
        headers["Tus-Checksum-Algorithm"] = UploadChecksum.Algorithms;
        return Task.FromResult(Answers.Nothing());
    }

    private static async Task<IResult> ListAsync(HttpContext context)
    {
        var (uploads, continuation) = await Desk(context).ListAsync(context.WholeNumber("pageSize", 1, 1000) ?? 100, context.Query("continuation"), context.RequestAborted).ConfigureAwait(false);
        return Answers.Done(new Page<Upload>(uploads, continuation));
    }

    private static Task<IResult> CreateAsync(HttpContext context, IdempotencyKeys keys)
    {
        TusProtocol.Begin(context);
        if (context.Request.Headers.ContainsKey("Upload-Defer-Length"))
        {
            throw new ProblemException("header-invalid", "The length cannot come later; send Upload-Length.");
        }

        var metadata = TusProtocol.Metadata(context);
        var name = metadata.GetValueOrDefault("filename") ?? metadata.GetValueOrDefault("name") ?? string.Empty;
        var length = TusProtocol.Number(context, "Upload-Length");
        var evaluate = IsTrue("evaluate", metadata.GetValueOrDefault("evaluate"));
        return Idempotency.RunAsync(context, keys, "CreateUpload", Encoding.UTF8.GetBytes($"{length}\n{evaluate}\n{name}"), async () =>
        {
            var upload = await Desk(context).CreateAsync(name, length, evaluate, context.RequestAborted).ConfigureAwait(false);
            TusProtocol.Describe(context, upload);
            return Answers.Created($"/{Collection}/{upload.Id}", upload);
        });
    }

    private static async Task<IResult> GetAsync(HttpContext context) => HttpMethods.IsHead(context.Request.Method)
        ? await HeadAsync(context).ConfigureAwait(false)
        : Answers.Secret(await Desk(context).GetAsync(Id(context), context.RequestAborted).ConfigureAwait(false));

    private static async Task<IResult> HeadAsync(HttpContext context)
    {
        TusProtocol.Begin(context);
        var upload = await Desk(context).GetAsync(Id(context), context.RequestAborted).ConfigureAwait(false);
        TusProtocol.Describe(context, upload);
        context.Response.Headers["Upload-Length"] = upload.Length.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["Upload-Metadata"] = $"filename {Convert.ToBase64String(Encoding.UTF8.GetBytes(upload.Name))}";
        return TypedResults.Ok();
    }

    private static async Task<IResult> PatchAsync(HttpContext context)
    {
        TusProtocol.Begin(context);
        var request = context.Request;
        if (request.ContentType != TusProtocol.ContentType)
        {
            throw new ProblemException("media-type-unsupported", $"The Content-Type must be {TusProtocol.ContentType}.");
        }

        using var checksum = UploadChecksum.Parse(request.Headers["Upload-Checksum"].ToString());
        var upload = await Desk(context).ReceiveAsync(
            Id(context), TusProtocol.Number(context, "Upload-Offset"), request.Body, request.ContentLength, checksum, context.RequestAborted).ConfigureAwait(false);
        TusProtocol.Describe(context, upload);
        return Answers.Nothing();
    }

    private static async Task<IResult> DeleteAsync(HttpContext context)
    {
        TusProtocol.Begin(context);
        await Desk(context).DeleteAsync(Id(context), context.RequestAborted).ConfigureAwait(false);
        return Answers.Nothing();
    }

    private static Task<IResult> OverrideAsync(HttpContext context) => context.Request.Headers["X-HTTP-Method-Override"].ToString().ToUpperInvariant() switch
    {
        "PATCH" => PatchAsync(context),
        "DELETE" => DeleteAsync(context),
        "HEAD" => HeadAsync(context),
        _ => throw new ProblemException("header-invalid", "A POST here needs X-HTTP-Method-Override: PATCH, DELETE or HEAD."),
    };

    private static bool IsTrue(string name, string? text) => text switch
    {
        null or "" or "false" => false,
        "true" => true,
        _ => throw new ProblemException("option-invalid", $"{name} must be true or false."),
    };
}
