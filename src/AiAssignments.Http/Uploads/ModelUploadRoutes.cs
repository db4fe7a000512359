using System.Globalization;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Responses;
using AiAssignments.Http.Routes;
using AiAssignments.Http.Routing;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Gateway;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Uploads.Models;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AiAssignments.Http.Uploads;

/// <summary><c>POST /api/models</c>: takes a model as a zip archive or as files.</summary>
/// <param name="keys">Idempotency keys.</param>
internal sealed class ModelUploadRoutes(IdempotencyKeys keys) : IGatewayRoutes
{
    private const int LongestBoundary = 100;

    /// <inheritdoc />
    public IReadOnlyList<GatewayRoute> Routes =>
    [
        new("UploadModel", HttpMethods.Post, "api/models", AccessScope.Admin, context => UploadAsync(context, keys))
        {
            Summary = "Registers a model: a zip of its folder (application/zip), or its files (multipart/form-data, the path of each as its filename). The same content under the same name is one version.",
            Tag = "Models",
            BodyLimit = null,
            Status = StatusCodes.Status201Created,
            RequestTypes = ["application/zip", "multipart/form-data"],
            ResponseSchema = "UploadedModel",
            Problems =
            [
                "media-type-unsupported", "model-name-missing", "model-version-exists", "model-missing", "model-card-invalid", "model-does-not-fit", "zip-corrupt", "zip-truncated", "zip-overlap",
                "zip-too-many-entries", "entry-name-invalid", "entry-duplicate", "entry-link", "entry-encrypted", "entry-method-unsupported", "entry-bomb", "entry-corrupt", "entry-nested-archive", "storage-full",
                "idempotency-key-invalid", "idempotency-key-conflict", "idempotency-key-busy-conflict",
            ],
            Parameters =
            [
                new("name", "query", "The model's name. Default: as the card says, or the zipped folder's name."),
                new("version", "query", "The version. Default: as the card says, or from the content."),
                new("activate", "query", "true: the name stands for this version from now on. Default false; the first version is active anyhow.", "boolean"),
                new("task", "query", "text-classification, token-classification or image-classification, where the files do not say."),
                new("labels", "query", "Label names in the order of the outputs, separated by commas, where the files do not say."),
                new("maxLength", "query", "Longest input in tokens.", "integer"),
                ListParameters.IdempotencyKey,
            ],
            ResponseExample = """{"name":"topic","version":"1","task":"text-classification","labels":["World","Sports"],"active":true,"sizeBytes":1048576,"parameters":262144,"contentHash":"xxh128:...","registeredAt":"2026-01-02T03:04:05+00:00"}""",
        },
    ];

    private static async Task<IResult> UploadAsync(HttpContext context, IdempotencyKeys keys)
    {
        var intake = context.RequestServices.GetRequiredService<ModelIntake>();
        if (context.Request.ContentLength > intake.Limits.MaxBytes)
        {
            throw new ProblemException("request-too-large", $"A model may have {intake.Limits.MaxBytes} bytes.");
        }

        // Read before the body: a wrong parameter must not cost an upload.
        var (overrides, activate) = Said(context.Request.Query);
        using var parcel = intake.Begin();
        await ReceiveAsync(context, parcel).ConfigureAwait(false);
        var (version, isNew) = await intake.RegisterAsync(parcel, overrides, context.RequestAborted).ConfigureAwait(false);

        // As with whole datasets: the content is what a key stands for. A repeated request must not undo a promotion that came between.
        return await Idempotency.RunAsync(
            context,
            keys,
            "UploadModel",
            Encoding.UTF8.GetBytes($"{version.Reference}\n{version.ContentHash}\n{activate}"),
            async () => Answer(activate && !version.Active ? await ActivateAsync(context, version).ConfigureAwait(false) : version, isNew)).ConfigureAwait(false);
    }

    private static JsonAnswer Answer(ModelVersion version, bool isNew)
    {
        var card = version.Card;
        var view = new UploadedModel(
            card.Name, card.Version, card.Task.Name(), card.Labels, version.Active, version.SizeBytes, version.Parameters, version.ContentHash, version.RegisteredAt);
        var location = $"/api/models/{Uri.EscapeDataString(card.Name)}/versions/{Uri.EscapeDataString(card.Version)}";
        return JsonAnswer.Of(view, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, location);
    }

    // As a promotion does it: loaded and warmed before the name stands for it, so that one that cannot be loaded changes nothing.
    private static async Task<ModelVersion> ActivateAsync(HttpContext context, ModelVersion version)
    {
        var server = context.RequestServices.GetService<IModelServer>();
        if (server is not null)
        {
            await server.LoadAsync(version.Card.Name, version.Card.Version, context.RequestAborted).ConfigureAwait(false);
        }

        var registry = context.RequestServices.GetRequiredService<ModelRegistry>();
        await registry.PromoteAsync(version.Reference, context.RequestAborted).ConfigureAwait(false);
        if (server is not null)
        {
            await server.LoadAsync(version.Card.Name, null, context.RequestAborted).ConfigureAwait(false);
        }

        return await registry.GetAsync(version.Reference, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task ReceiveAsync(HttpContext context, ModelParcel parcel)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type))
        {
            throw Unsupported();
        }

        if (type.MediaType.Equals("application/zip", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/x-zip-compressed", StringComparison.OrdinalIgnoreCase))
        {
            await parcel.AddZipAsync(context.Request.Body, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        if (!type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            throw Unsupported();
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (boundary is not { Length: > 0 and <= LongestBoundary })
        {
            throw Unsupported();
        }

        try
        {
            await ReceiveFilesAsync(new MultipartReader(boundary, context.Request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4096 }, parcel, context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception error) when (error is InvalidDataException || (error is IOException and not BadHttpRequestException))
        {
            throw new ProblemException(new Problem("request-malformed", $"The multipart body cannot be read: {error.Message}"), error);
        }
    }

    private static async Task ReceiveFilesAsync(MultipartReader reader, ModelParcel parcel, CancellationToken cancellationToken)
    {
        var files = 0;
        while (await reader.ReadNextSectionAsync(cancellationToken).ConfigureAwait(false) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.IsFileDisposition())
            {
                throw new ProblemException("request-malformed", "Each part must be a file with its path as the filename; what is said about the model goes into the query.");
            }

            var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
            files++;
            if (name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) && files == 1)
            {
                await parcel.AddZipAsync(section.Body, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await parcel.AddFileAsync(name, section.Body, cancellationToken).ConfigureAwait(false);
            }
        }

        if (files == 0)
        {
            throw new ProblemException("request-malformed", "The multipart body has no file.");
        }
    }

    private static (ModelOverrides Overrides, bool Activate) Said(IQueryCollection query)
    {
        var overrides = new ModelOverrides
        {
            Name = Text("name"),
            Version = Text("version"),
            Task = Text("task") is { } task ? ModelTasks.Parse(task) : null,
            Labels = Text("labels")?.Split(',', StringSplitOptions.TrimEntries),
            MaxLength = Text("maxLength") is not { } length ? null
                : int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) ? tokens
                : throw new ProblemException("option-invalid", "maxLength must be a whole number of tokens."),
        };
        var activate = Text("activate") switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw new ProblemException("option-invalid", "activate must be true or false."),
        };
        return (overrides, activate);

        string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
    }

    private static ProblemException Unsupported() =>
        new("media-type-unsupported", "The Content-Type must be application/zip, or multipart/form-data with a boundary.");
}
