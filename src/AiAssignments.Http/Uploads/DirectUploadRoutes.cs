using AiAssignments.Core.Storage;
using AiAssignments.Http.Responses;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;

namespace AiAssignments.Http.Uploads;

/// <summary><c>POST /api/datasets/direct</c>: an address to put a dataset to, past the gateway; where the store has such.</summary>
internal sealed class DirectUploadRoutes(IDirectUploads uploads) : IGatewayRoutes
{
    /// <inheritdoc />
    public IReadOnlyList<GatewayRoute> Routes { get; } =
    [
        new("SignUpload", HttpMethods.Post, "api/datasets/direct", AccessScope.Write, context => SignAsync(context, uploads))
        {
            Summary = "Signs an address to PUT one dataset to, past the gateway; what is put there is evaluated as a dropped dataset is. Only where blobs lie in a storage account.",
            Tag = "Datasets",
            BodyLimit = 0,
            Status = StatusCodes.Status201Created,
            ResponseSchema = "DirectUpload",
            Problems = ["upload-name-invalid"],
            Parameters = [new("name", "query", "File name with its extension, for example reviews.csv.")],
            ResponseExample = """{"url":"https://account.blob.core.windows.net/datasets/5d0e.../reviews.csv?sv=...","name":"5d0e.../reviews.csv","expiresAt":"2026-01-05T09:45:00+00:00","headers":{"x-ms-blob-type":"BlockBlob"}}""",
        },
    ];

    private static async Task<IResult> SignAsync(HttpContext context, IDirectUploads uploads)
    {
        var signed = await uploads.SignAsync(context.Request.Query["name"].ToString(), context.RequestAborted).ConfigureAwait(false);
        return Answers.Secret(signed, StatusCodes.Status201Created);
    }
}
