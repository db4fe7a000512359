using System.Runtime.CompilerServices;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Jobs;

namespace AiAssignments.Pipeline.Uploads;

/// <summary>Uploads as jobs.</summary>
/// <param name="desk">The uploads.</param>
public sealed class UploadJobs(UploadDesk desk) : IJobSource
{
    /// <inheritdoc />
    public async IAsyncEnumerable<JobResource> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            (var uploads, continuation) = await desk.ListAsync(1000, continuation, cancellationToken).ConfigureAwait(false);
            foreach (var upload in uploads)
            {
                yield return Of(upload);
            }
        }
        while (continuation is not null);
    }

    /// <inheritdoc />
    public async Task<JobResource?> FindAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return Of(await desk.GetAsync(id, cancellationToken).ConfigureAwait(false));
        }
        catch (ProblemException gone) when (gone.Problem.Code is "upload-not-found" or "upload-expired")
        {
            return null;
        }
    }

    private static JobResource Of(Upload upload)
    {
        var links = new Dictionary<string, string> { ["self"] = $"/api/jobs/{upload.Id}", ["upload"] = $"/api/datasets/uploads/{upload.Id}" };
        if (upload.DatasetId is { } dataset)
        {
            links["dataset"] = $"/api/datasets/{dataset}";
        }

        var (status, stage) = upload.State switch
        {
            UploadState.Registered => (WorkflowStatus.Completed, "completed"),
            UploadState.Refused => (WorkflowStatus.Failed, "failed"),
            UploadState.Registering => (WorkflowStatus.Running, "registering"),
            _ => (WorkflowStatus.Running, "receiving"),
        };
        return new JobResource(upload.Id, "upload", status, new JobProgressView(stage, upload.Offset, upload.Length), upload.CreatedAt, upload.UpdatedAt, links, upload.Problem);
    }
}
