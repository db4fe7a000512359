using AiAssignments.Core.Errors;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Uploads;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Drops;

public sealed class BlobDropsTests
{
    [Fact]
    public async Task A_dataset_that_is_too_large_is_refused_before_it_is_read()
    {
        using var folder = new TemporaryFolder();
        var container = new FolderBlobStore(folder.Path);
        await container.WriteAsync("x/d.csv", (stream, token) => stream.WriteAsync(new byte[11], token).AsTask(), default);
        var drops = new BlobDrops(null!, null!, new UploadOptions { MaxBytes = 10 });

        var refused = await Assert.ThrowsAsync<ProblemException>(() => drops.AcceptDatasetAsync(container, "x/d.csv", default));

        Assert.Equal(("request-too-large", "d.csv"), (refused.Problem.Code, refused.Problem.Where));
    }
}
