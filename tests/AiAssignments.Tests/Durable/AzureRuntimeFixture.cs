using AiAssignments.Azure.Durable;
using AiAssignments.Azure.Hosting;
using AiAssignments.Core.Jobs;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Embedded.Documents;
using AiAssignments.Pipeline.Workflows;
using AiAssignments.Tests.Durable.Hub;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Durable;

/// <summary>The pipeline as the Functions app puts it together, over a task hub in memory and stores in a folder.</summary>
internal sealed class AzureRuntimeFixture : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteDocumentStore documents;
    private readonly AzureRuntimeParts usual;
    private readonly List<AzureRuntime> runtimes = [];

    public AzureRuntimeFixture(Func<AzureRuntimeParts, AzureRuntimeParts>? change = null)
    {
        Directory.CreateDirectory(folder.File("data"));
        Blobs = new FolderBlobStore(folder.File("data/blobs"));
        documents = new SqliteDocumentStore(folder.File("data/documents.db"));
        var parts = new AzureRuntimeParts { Blobs = Blobs, Documents = documents, Hub = Hub, TemporaryFolder = folder.File("data/temporary"), Progress = Progress, FanOutWidth = 4, MeasuringTurn = TimeSpan.Zero };
        usual = parts;
        Runtime = new AzureRuntime(change?.Invoke(parts) ?? parts);
        runtimes.Add(Runtime);
        DurableFixture.Attach(Hub, Runtime.Functions);
    }

    /// <summary>The pipeline of another process over the same stores and hub, which gives each of them activities in turn.</summary>
    public AzureRuntime Another(Func<AzureRuntimeParts, AzureRuntimeParts>? change = null)
    {
        var parts = usual with { TemporaryFolder = folder.File("data/another") };
        var another = new AzureRuntime(change?.Invoke(parts) ?? parts);
        runtimes.Add(another);
        var turn = 0;
        var activity = Hub.Activity;
        Hub.Activity = (name, input, cancellationToken) => Interlocked.Increment(ref turn) % 2 == 0 ? activity(name, input, cancellationToken)
            : name == DurableNames.Join ? another.Functions.JoinAsync(input, cancellationToken)
            : another.Functions.RunActivityAsync(name, input, cancellationToken);
        return another;
    }

    public FolderBlobStore Blobs { get; }

    public TaskHub Hub { get; } = new();

    public AzureRuntime Runtime { get; }

    public WorkflowRegistry Registry => Runtime.Registry;

    public ToldProgress Progress { get; } = new();

    public string File(string name) => folder.File(name);

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        foreach (var runtime in runtimes)
        {
            await runtime.DisposeAsync();
        }

        documents.Dispose();
        folder.Dispose();
    }

    public sealed class ToldProgress : IProgressPublisher
    {
        private readonly Lock gate = new();
        private readonly List<JobProgress> told = [];

        public IReadOnlyList<JobProgress> All
        {
            get
            {
                lock (gate)
                {
                    return [.. told];
                }
            }
        }

        public void Publish(JobProgress progress)
        {
            lock (gate)
            {
                told.Add(progress);
            }
        }
    }
}
