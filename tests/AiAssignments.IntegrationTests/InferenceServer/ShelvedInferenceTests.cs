using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AiAssignments.Azure.Durable;
using AiAssignments.Azure.Hosting;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Jobs;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Embedded.Documents;
using AiAssignments.Inference.Protocol.Repository;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Serving;
using AiAssignments.InferenceServer.Hosting;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Remote;
using AiAssignments.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace AiAssignments.IntegrationTests.InferenceServer;

/// <summary>The pipeline as the Functions app puts it together, with an inference server whose folder is filled from the shelf: a heavy model is answered and scored there.</summary>
public sealed class ShelvedInferenceTests : IAsyncLifetime
{
    private static readonly List<DatasetRecord> Records =
        [.. new[] { "The team won the cup", "Oil prices rose", "A new phone was shown" }.Select((text, index) => new TextRecord(new RecordPosition(index, 0), text, null, null, []))];

    private readonly TemporaryFolder folder = new();
    private FolderBlobStore shelf = null!;
    private SqliteDocumentStore documents = null!;
    private ModelServer models = null!;
    private RunningServer server = null!;
    private AzureRuntime runtime = null!;

    public async Task InitializeAsync()
    {
        shelf = new FolderBlobStore(folder.File("shelf"));
        documents = new SqliteDocumentStore(folder.File("documents.db"));
        Directory.CreateDirectory(folder.File("mounted"));
        models = new ModelServer(new ModelRepositoryFolder(folder.File("mounted")), ModelServerOptions.Default with { Runtime = RuntimeOptions.Default with { IntraOpThreads = 1 }, Lanes = 1 });
        server = await RunningServer.StartAsync(models, ProtocolLimits.Default, models);
        runtime = new AzureRuntime(new AzureRuntimeParts
        {
            Blobs = new FolderBlobStore(folder.File("blobs")),
            Documents = documents,
            Hub = new NoHub(),
            TemporaryFolder = folder.File("temporary"),
            Progress = new NoProgress(),
            Shelf = shelf,
            InferenceTransport = new ReaderOnly(),
            Inference = new InferenceSettings
            {
                Servers = new RemoteOptions { Servers = [server.Address], RoundDelay = TimeSpan.FromMilliseconds(1), Attempts = 2, HealthInterval = Timeout.InfiniteTimeSpan },
                HeavyModelBytes = 1,
            },
        });
    }

    public async Task DisposeAsync()
    {
        await runtime.DisposeAsync();
        await server.DisposeAsync();
        documents.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_heavy_model_is_answered_and_scored_by_the_server_once_it_has_it()
    {
        var version = await runtime.Models.RegisterAsync(Path.Combine(RunningServer.Models, "topic"), null, activate: true, CancellationToken.None);
        var shelved = Assert.IsType<ShelvedInference>(runtime.Server);
        var key = runtime.Shelf!.KeyOf(version)!.Value;

        // Not on the server's mount yet: this process answers, and would score.
        var here = await runtime.Server.PredictAsync("topic", null, Records, ServeOptions.Default, CancellationToken.None);
        Assert.Null(await models.FindAsync("topic", null, CancellationToken.None));
        Assert.Null(await shelved.ScorerOfAsync(version, TimeProvider.System, CancellationToken.None));
        await runtime.Server.LoadAsync("topic", version.Card.Version, CancellationToken.None);

        await MountAsync();
        var there = await runtime.Server.PredictAsync("topic", null, Records, ServeOptions.Default, CancellationToken.None);
        Assert.Equal((here.Key, version.Card.Version), (there.Key, there.Card.Version));
        Assert.Equal(here.Records.Select(Probabilities), there.Records.Select(Probabilities));
        await runtime.Server.LoadAsync("topic", null, CancellationToken.None);
        Assert.Equal(ModelState.Ready, (await models.FindAsync(key.Name, key.Version, CancellationToken.None))!.State);

        using var scorer = (await shelved.ScorerOfAsync(version, TimeProvider.System, CancellationToken.None))!;
        var scored = await scorer.ScoreAsync(Records, null, CancellationToken.None);
        Assert.Equal(here.Records.Select(Probabilities), scored.Select(Probabilities));
        Assert.Equal(version.Card, scorer.Card);

        // Gone from the mount, or nobody there: this process answers again.
        await server.DisposeAsync();
        Assert.Equal(here.Records.Select(Probabilities), (await runtime.Server.PredictAsync("topic", null, Records, ServeOptions.Default, CancellationToken.None)).Records.Select(Probabilities));
    }

    private static string Probabilities(Inference.Scoring.ScoredRecord record) => JsonSerializer.Serialize(record.Prediction);

    private async Task MountAsync()
    {
        await foreach (var blob in shelf.ListAsync(string.Empty, CancellationToken.None))
        {
            var file = Path.Combine(folder.File("mounted"), blob.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await using var target = File.Create(file);
            await using var source = await shelf.OpenReadAsync(blob.Path, 0, null, CancellationToken.None);
            await source.CopyToAsync(target);
        }
    }

    /// <summary>Requests of one who may read and predict, and administers nothing, as the app's identity (CredentialAccess).</summary>
    private sealed class ReaderOnly() : DelegatingHandler(RemoteInference.CreateTransport())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            CredentialAccess.ScopeOf(new PathString(request.RequestUri!.AbsolutePath)) <= AccessScope.Read
                ? base.SendAsync(request, cancellationToken)
                : Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = JsonContent.Create(new { error = "request-forbidden: the credential may not do this" }), RequestMessage = request });
    }

    private sealed class NoProgress : IProgressPublisher
    {
        public void Publish(JobProgress progress)
        {
        }
    }

    /// <summary>No workflow is run here.</summary>
    private sealed class NoHub : IDurableClient
    {
        public Task<bool> ScheduleAsync(string name, JsonElement input, string instanceId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<DurableInstance?> FindAsync(string instanceId, CancellationToken cancellationToken) => Task.FromResult<DurableInstance?>(null);

        public async IAsyncEnumerable<DurableInstance> QueryAsync(DurableQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield break;
        }

        public Task<DurableInstance?> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken) => Task.FromResult<DurableInstance?>(null);

        public Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task PurgeAsync(string instanceId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RaiseEventAsync(string instanceId, string name, JsonElement payload, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
