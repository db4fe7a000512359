using AiAssignments.Core.Errors;
using AiAssignments.Embedded;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Embedded;

public sealed class BlobHomeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void A_folder_without_documents_takes_another_place_and_keeps_its_id()
    {
        using var data = DataFolder.Open(folder.Path);

        var first = BlobHome.Check(data, "http://wrong");
        Assert.NotNull(first);
        Assert.Equal(first, BlobHome.Check(data, "http://right"));
        Assert.Null(BlobHome.Check(data, null));
        File.WriteAllText(data.DocumentsFile, "");
        Assert.Null(BlobHome.Check(data, null));
        Refuses(data, "http://right");
    }

    [Fact]
    public void A_folder_with_documents_keeps_its_place()
    {
        using var data = DataFolder.Open(folder.Path);
        var first = BlobHome.Check(data, "http://right");
        File.WriteAllText(data.DocumentsFile, "");

        Assert.Equal(first, BlobHome.Check(data, "http://right"));
        Refuses(data, "http://other");
        Refuses(data, null);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_a_problem_and_binds_nothing()
    {
        var store = new FolderBlobStore(folder.File("blobs"));
        var options = new EmbeddedOptions
        {
            DataFolder = folder.File("data"),
            Blobs = new OutsideBlobs(store, "http://wrong", path => path, (_, _, _) => throw new IOException("No such host is known.")),
        };

        Assert.Equal("storage-unreachable", (await Assert.ThrowsAsync<ProblemException>(() => EmbeddedRuntime.OpenAsync(options, default))).Problem.Code);

        // A deployment's, say, that wrote into the container after it was claimed as an empty one.
        string[] young = ["models/a/1/model.onnx", "optimizations/m--01234567/optimization.json", "reports/d--m--01234567/report.json", "staged/ffff", "work/gone/plan.json"];
        foreach (var path in young)
        {
            await store.WriteAsync(path, (stream, token) => stream.WriteAsync(new byte[1], token).AsTask(), default);
        }

        options = options with { Blobs = new OutsideBlobs(store, "http://right", path => path, (_, _, _) => Task.FromResult(new OutsideHold(() => ValueTask.CompletedTask, CancellationToken.None))) };
        await using var runtime = await EmbeddedRuntime.OpenAsync(options, default);
        Assert.Equal(young, await store.ListAsync(string.Empty, default).Select(blob => blob.Path).ToListAsync());
    }

    public void Dispose() => folder.Dispose();

    private static void Refuses(DataFolder data, string? place) =>
        Assert.Equal("data-folder-blobs", Assert.Throws<ProblemException>(() => BlobHome.Check(data, place)).Problem.Code);
}
