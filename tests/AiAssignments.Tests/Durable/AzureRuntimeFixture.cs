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

    public AzureRuntimeFixture(Func<AzureRuntimeParts, AzureRuntimeParts>? change = null)
    {
        Directory.CreateDirectory(folder.File("data"));
        Blobs = new FolderBlobStore(folder.File("data/blobs"));
        documents = new SqliteDocumentStore(folder.File("data/documents.db"));
        var parts = new AzureRuntimeParts { Blobs = Blobs, Documents = documents, Hub = Hub, TemporaryFolder = folder.File("data/temporary"), Progress = Progress, FanOutWidth = 4, MeasuringTurn = TimeSpan.Zero };
        Runtime = new AzureRuntime(change?.Invoke(parts) ?? parts);
        DurableFixture.Attach(Hub, Runtime.Functions);
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
        await Runtime.DisposeAsync();
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
