using System.CommandLine;
using AiAssignments.Cli;
using AiAssignments.Cli.Commands;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Models;
using AiAssignments.Embedded;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Local.Hosting;
using AiAssignments.Terminal;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Hosts;

/// <summary>A command whose blobs lie outside of its data folder, and become another's while it works.</summary>
public sealed class LostBlobsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder folder = new();
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource interrupted = new();
    private readonly Gate gate = new();
    private IReadOnlyList<string> before = [];
    private int released;

    public void Dispose()
    {
        folder.Dispose();
        lost.Dispose();
        interrupted.Dispose();
    }

    [Fact]
    public async Task An_evaluation_stops_and_the_command_says_why()
    {
        gate.OnBlocked = lost.Cancel;

        var said = await Assert.ThrowsAsync<ProblemException>(RunAsync);

        Assert.Equal("storage-in-use", said.Problem.Code);
        Assert.Equal(HeldStorage.Lost("http://account/store"), said.Problem);
        Assert.NotEmpty(before);
        Assert.Equal(before, Files());
        Assert.Equal(1, released);
    }

    [Fact]
    public async Task It_ends_with_the_exit_code_of_a_store_in_use()
    {
        gate.OnBlocked = lost.Cancel;

        Assert.Equal(ExitCodes.Busy, await new RootCommand { Command() }.RunAsync(Arguments).WaitAsync(Patience));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interruption_stays_one(bool lostToo)
    {
        gate.OnBlocked = () =>
        {
            interrupted.Cancel();
            if (lostToo)
            {
                lost.Cancel();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(RunAsync);
        Assert.Equal(1, released);
    }

    [Fact]
    public async Task What_was_done_before_stays_done_and_what_fails_after_is_the_loss()
    {
        Assert.Equal(7, await HeldStorage.WhileAsync(null, _ => Task.FromResult(7), lost.Token, default));
        var early = new ProblemException("blob-not-found", "It is not there.");
        Assert.Same(early, await Assert.ThrowsAsync<ProblemException>(() => HeldStorage.WhileAsync(null, _ => throw early, lost.Token, default)));

        await lost.CancelAsync();

        Assert.Equal(7, await HeldStorage.WhileAsync(null, _ => Task.FromResult(7), lost.Token, default));
        var late = await Assert.ThrowsAsync<ProblemException>(() => HeldStorage.WhileAsync("store", _ => throw early, lost.Token, default));
        Assert.Equal(("storage-in-use", "store"), (late.Problem.Code, late.Problem.Where));
        Assert.Same(early, late.InnerException);
        Assert.Equal(1, await HeldStorage.WhileAsync(null, held => Task.FromResult(held.IsCancellationRequested ? 1 : 0), lost.Token, default));
    }

    private string[] Arguments => ["work", "--data", folder.File("data"), "--json"];

    private Task<int> RunAsync() =>
        new RootCommand { Command() }.Parse(Arguments).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, interrupted.Token).WaitAsync(Patience);

    // Evaluates, and does not come past the first blob that the evaluation writes.
    private Command Command()
    {
        var store = new FolderBlobStore(folder.File("blobs"), TimeProvider.System, gate.Create);
        var outside = new OutsideBlobs(
            store,
            "http://account/store",
            path => path,
            (_, _, _) => Task.FromResult(new OutsideHold(
                () =>
                {
                    released++;
                    return ValueTask.CompletedTask;
                },
                lost.Token)));
        var command = new Command("work");
        var common = new CommonOptions(command, _ => outside);
        common.SetAction(async (_, runtime, _, cancellationToken) =>
        {
            var path = folder.File("many.jsonl");
            await File.WriteAllLinesAsync(path, Enumerable.Range(0, 20).Select(line => $"{{\"text\": \"The striker scored {line} goals in the final\", \"label\": \"Sports\"}}"), cancellationToken);
            var model = (await runtime.Models.ListAsync(cancellationToken)).Single(version => version.Card.Name == "topic");
            var dataset = await runtime.Datasets.RegisterAsync(path, new DatasetOptions { Task = ModelTask.TextClassification }, cancellationToken);
            before = Files();
            gate.Closed = true;
            var (id, _) = await runtime.Evaluations.StartAsync(model, dataset, EvaluationOptions.Default, cancellationToken);
            await runtime.Evaluations.WaitAsync(id, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private List<string> Files() =>
        [.. Directory.EnumerateFiles(folder.File("blobs"), "*", SearchOption.AllDirectories).Where(file => !file.Contains(".tmp", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>While it is closed no blob is finished: whoever writes one says so, and waits until it is told to stop.</summary>
    private sealed class Gate
    {
        private volatile bool closed;

        public bool Closed
        {
            set => closed = value;
        }

        public Action OnBlocked { get; set; } = () => { };

        public Stream Create(string file) => new GatedFile(this, file);

        private sealed class GatedFile(Gate gate, string file) : FileStream(file, FileMode.CreateNew, FileAccess.ReadWrite)
        {
            public override async Task FlushAsync(CancellationToken cancellationToken)
            {
                if (gate.closed)
                {
                    gate.OnBlocked();
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }

                await base.FlushAsync(cancellationToken);
            }
        }
    }
}
