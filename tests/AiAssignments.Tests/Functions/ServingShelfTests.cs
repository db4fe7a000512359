using AiAssignments.Azure.Hosting;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Protocol.Repository;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Serving;
using AiAssignments.Pipeline.Remote;
using AiAssignments.Tests.Durable;
using AiAssignments.Tests.Pipeline;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Functions;

/// <summary>What the inference servers have their models from: filled by what is registered, in the form that they read.</summary>
public sealed class ServingShelfTests : IDisposable
{
    private static readonly string Topic = Path.Combine(PipelineFixture.ModelsFolder, "topic");
    private readonly TemporaryFolder folder = new();
    private readonly FolderBlobStore shelf;

    public ServingShelfTests() => shelf = new FolderBlobStore(folder.File("shelf"));

    [Fact]
    public async Task A_heavy_model_is_brought_when_it_is_registered_and_goes_when_it_is_deleted()
    {
        await using var fixture = Fixture(heavyBytes: 1);
        var version = await fixture.Runtime.Models.RegisterAsync(Topic, null, activate: false, CancellationToken.None);
        var key = fixture.Runtime.Shelf!.KeyOf(version)!.Value;
        var there = await PathsAsync();

        Assert.Equal(version.Files.Append(ModelCardJson.FileName).Append(ServingShelf.Complete).Distinct().Select(name => $"topic/{key.Version}/{name}").Order(StringComparer.Ordinal), there);
        Assert.Equal((0, 0), await fixture.Runtime.Shelf.BringAsync(CancellationToken.None));

        // As the inference server reads it: the highest whole number is the version, and its content is the registered one's.
        var source = new ModelRepositoryFolder(await CopiedAsync(there));
        Assert.Equal(key, await source.ActiveAsync("topic", CancellationToken.None));
        var served = (await source.OpenAsync(key, CancellationToken.None))!;
        Assert.Equal(version.Card.Labels, served.Card.Labels);
        Assert.Equal(ModelFolder.Open(fixture.Blobs.FilePath(version.BlobPrefix + "model-card.json").Replace("model-card.json", string.Empty, StringComparison.Ordinal)).ContentHash, served.ContentHash);

        await fixture.Runtime.Models.DeleteModelAsync("topic", CancellationToken.None);
        Assert.Empty(await PathsAsync());
    }

    [Fact]
    public async Task Small_models_and_refused_ones_stay_here_and_what_others_put_there_is_left_alone()
    {
        await using var fixture = Fixture(heavyBytes: long.MaxValue);
        await shelf.WriteAsync("mine/1/model.onnx", (stream, token) => stream.WriteAsync(new byte[1], token).AsTask(), CancellationToken.None);
        await shelf.WriteAsync("mine/1/.complete", (_, _) => Task.CompletedTask, CancellationToken.None);
        var version = await fixture.Runtime.Models.RegisterAsync(Topic, null, activate: false, CancellationToken.None);

        Assert.Equal((0, 0), await fixture.Runtime.Shelf!.BringAsync(CancellationToken.None));
        Assert.Equal(["mine/1/.complete", "mine/1/model.onnx"], await PathsAsync());
        Assert.Null(new ServingShelf(shelf, fixture.Blobs, fixture.Runtime.Models, 1, TimeProvider.System).KeyOf(version with { Gate = GateState.Refused }));
    }

    [Fact]
    public async Task A_copy_that_was_killed_is_finished_and_two_at_once_do_no_harm()
    {
        await using var fixture = Fixture(heavyBytes: 1);
        var version = await fixture.Runtime.Models.RegisterAsync(Topic, null, activate: false, CancellationToken.None);
        var complete = await PathsAsync();
        await shelf.DeleteAsync(complete.Single(path => path.EndsWith(ServingShelf.Complete, StringComparison.Ordinal)), CancellationToken.None);
        await shelf.DeleteAsync(complete.Single(path => path.EndsWith("/model.onnx", StringComparison.Ordinal)), CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => fixture.Runtime.Shelf!.BringAsync(CancellationToken.None))));

        Assert.Equal(complete, await PathsAsync());
        Assert.NotNull(fixture.Runtime.Shelf!.KeyOf(version));
    }

    [Fact]
    public async Task A_model_whose_files_are_gone_keeps_no_other_from_being_brought()
    {
        await using var fixture = Fixture(heavyBytes: 1);
        var broken = await fixture.Runtime.Models.RegisterAsync(Topic, null, activate: false, CancellationToken.None);
        var good = await fixture.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "sentiment"), null, activate: false, CancellationToken.None);
        foreach (var path in await PathsAsync())
        {
            await shelf.DeleteAsync(path, CancellationToken.None);
        }

        await fixture.Blobs.DeleteAsync(broken.BlobPrefix + "model.onnx", CancellationToken.None);

        await Assert.ThrowsAnyAsync<Exception>(() => fixture.Runtime.Shelf!.BringAsync(CancellationToken.None));
        Assert.Contains($"sentiment/{fixture.Runtime.Shelf!.KeyOf(good)!.Value.Version}/{ServingShelf.Complete}", await PathsAsync());

        // Nor the registration of another.
        var third = await fixture.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "fashion"), null, activate: false, CancellationToken.None);
        Assert.Contains($"fashion/{fixture.Runtime.Shelf!.KeyOf(third)!.Value.Version}/{ServingShelf.Complete}", await PathsAsync());
        await fixture.Runtime.Models.DeleteModelAsync("sentiment", CancellationToken.None);
        Assert.DoesNotContain(await PathsAsync(), path => path.StartsWith("sentiment/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(long.MaxValue, 4)]
    public async Task Fewer_shards_of_a_heavy_model_are_scored_at_once(long heavyBytes, int width)
    {
        await using var fixture = Fixture(heavyBytes);
        await fixture.Runtime.Models.RegisterAsync(Topic, null, activate: true, CancellationToken.None);
        var taken = await fixture.Runtime.Drops.AcceptAsync(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"), CancellationToken.None);
        var evaluation = await fixture.Runtime.Workflows.FindAsync(Assert.Single(taken.Evaluations), CancellationToken.None);

        Assert.Equal(width, evaluation!.Input!.Value.GetProperty("width").GetInt32());
    }

    public void Dispose() => folder.Dispose();

    private AzureRuntimeFixture Fixture(long heavyBytes) => new(parts => parts with
    {
        Shelf = shelf,
        Inference = new InferenceSettings { Servers = new RemoteOptions { Servers = [new Uri("http://127.0.0.1:1")], HealthInterval = Timeout.InfiniteTimeSpan }, HeavyModelBytes = heavyBytes, FanOutWidth = 2 },
    });

    private async Task<List<string>> PathsAsync() => await shelf.ListAsync(string.Empty, CancellationToken.None).Select(blob => blob.Path).ToListAsync();

    private async Task<string> CopiedAsync(IEnumerable<string> paths)
    {
        var root = folder.File("mounted");
        foreach (var path in paths)
        {
            var file = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await using var target = File.Create(file);
            await using var source = await shelf.OpenReadAsync(path, 0, null, CancellationToken.None);
            await source.CopyToAsync(target);
        }

        return root;
    }
}
