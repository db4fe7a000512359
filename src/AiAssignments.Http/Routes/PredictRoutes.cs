using AiAssignments.Core.Errors;
using AiAssignments.Http.Predicting;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Http.Routes;

/// <summary>Predictions: one or many inputs, texts or images.</summary>
/// <param name="predictor">Answers.</param>
/// <param name="limits">What one request may hold.</param>
internal sealed class PredictRoutes(IPredictor predictor, PredictLimits limits) : IGatewayRoutes
{
    private static readonly RouteParameter[] Options =
    [
        new("topK", "query", "Labels an answer, 1 to 10,000; the model's label count bounds it. Default 5. A JSON body may say it instead.", "integer"),
        new("output", "query", "\"scores\" (default) or \"logits\", which come beside the scores."),
        new("profile", "query", "\"memory\": the answer carries what the call did to the memory of the server, and no cache is asked. One such call at a time, with two full collections around it; needs the scope write."),
        new("timeoutMs", "query", "Longest time until inference begins, 1 to 600,000; the server's own limit by default.", "integer"),
    ];

    public IReadOnlyList<GatewayRoute> Routes =>
    [
        Route("Predict", "api/models/{name}/predict", "Asks the active version of a model."),
        Route("PredictWithVersion", "api/models/{name}/versions/{version}/predict", "Asks one version of a model."),
    ];

    private GatewayRoute Route(string name, string template, string summary) => new(name, HttpMethods.Post, template, AccessScope.Read, PredictAsync)
    {
        Summary = summary,
        Tag = "Predictions",
        BodyLimit = limits.BodyBytes,
        RequestTypes = ["application/json", "image/png", "image/jpeg", "image/webp", "multipart/form-data"],
        RequestSchema = "PredictRequest",
        ResponseSchema = "PredictResponse",
        Parameters = Options,
        RequestExample = """{"inputs":[{"text":"The striker scored twice in the final"},{"text":"Shares fell after the profit warning"}],"topK":2}""",
        ResponseExample = """{"model":"topic@1","answers":[{"labels":[{"label":"Sports","probability":0.97},{"label":"World","probability":0.02}],"truncated":false},{"labels":[{"label":"Business","probability":0.95},{"label":"World","probability":0.03}],"truncated":false}],"timing":{"queueMs":0.02,"tokenizeMs":0.08,"inferenceMs":0.4},"cached":0}""",
        Problems = ["model-not-found", "model-version-not-accepted", "inputs-missing", "input-unfit", "request-json-invalid", "request-form-invalid", "request-field-unknown", "request-field-repeated", "image-base64-invalid", "option-out-of-range", "media-type-unsupported", "queue-full", "deadline-exceeded", "model-draining"],
    };

    private async Task<IResult> PredictAsync(HttpContext context)
    {
        var asked = await ReadAsync(context).ConfigureAwait(false);
        if (!ProfiledCall.Asked(context))
        {
            return new PredictAnswer(await PredictAsync(context, asked.Inputs, asked.Options).ConfigureAwait(false));
        }

        var (result, memory) = await ProfiledCall.RunAsync(() => PredictAsync(context, asked.Inputs, asked.Options with { Fresh = true }), context.RequestAborted).ConfigureAwait(false);
        return new PredictAnswer(result with { Memory = memory });
    }

    private Task<PredictionResult> PredictAsync(HttpContext context, IReadOnlyList<PredictionInput> inputs, PredictionOptions options)
    {
        var values = context.Request.RouteValues;
        return predictor.PredictAsync((string)values["name"]!, (string?)values["version"], inputs, options, context.RequestAborted);
    }

    private async ValueTask<PredictRequest> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        var options = request.QueryString.HasValue ? FromQuery(context) : PredictionOptions.Default;
        var type = request.ContentType ?? string.Empty;
        if (type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            var body = await RequestBody.ReadAsync(request, limits.BodyBytes, context.RequestAborted).ConfigureAwait(false);
            try
            {
                return PredictJsonReader.Read(body, limits, options);
            }
            finally
            {
                RequestBody.Done(request, body);
            }
        }

        if (type.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
        {
            return await PredictUpload.ReadImageAsync(request, limits, options, context.RequestAborted).ConfigureAwait(false);
        }

        if (type.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return await PredictUpload.ReadFormAsync(request, limits, options, context.RequestAborted).ConfigureAwait(false);
        }

        throw new ProblemException("media-type-unsupported", "This route takes application/json, an image (image/png, image/jpeg, image/webp), or multipart/form-data of images.");
    }

    private PredictionOptions FromQuery(HttpContext context) => new()
    {
        TopK = context.WholeNumber("topK", 1, limits.TopK) ?? PredictionOptions.Default.TopK,
        Logits = context.Query("output") switch
        {
            null or "scores" => false,
            "logits" => true,
            _ => throw new ProblemException("option-out-of-range", "It must be scores or logits.", "output"),
        },
        Timeout = context.WholeNumber("timeoutMs", 1, 600_000) is { } timeout ? TimeSpan.FromMilliseconds(timeout) : null,
    };
}
