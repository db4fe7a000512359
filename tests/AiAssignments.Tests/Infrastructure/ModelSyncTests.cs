using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>The script that fills the share of models, with a folder in the place of the container.</summary>
public sealed class ModelSyncTests : IDisposable
{
    private readonly FakeCommands commands = new();
    private readonly TemporaryFolder container = new();

    public ModelSyncTests() => commands.Add(
        "az",
        $$"""
        case "$all" in
          *'blob list'*) (cd '{{container.Path}}' && find . -type f | sed 's#^\./##') ;;
          *'message get'*)
            if [ -e '{{container.Path}}.messages' ]; then cat '{{container.Path}}.messages'; rm '{{container.Path}}.messages'; fi ;;
          *'message delete'*|*'login --identity'*) ;;
          *'download-batch'*)
            while [ $# -gt 0 ]; do case "$1" in --pattern) pattern="$2";; --destination) to="$2";; esac; shift; done
            folder="${pattern%/\*}"
            mkdir -p "$to/$folder" && cp -r '{{container.Path}}'/"$folder"/. "$to/$folder"
            if [ -e '{{container.Path}}/fail' ]; then exit 1; fi ;;
          *) echo "Forbidden: $all" >&2; exit 1 ;;
        esac
        """);

    private string Share => Path.Combine(commands.Work, "share");

    [UnixFact]
    public async Task Complete_versions_come_whole_and_once()
    {
        Put("topic/1/model.onnx", "one");
        Put("topic/1/onnx/model.onnx_data", "data");
        Put("topic/1/.complete", "");
        Put("topic/2/model.onnx", "half of it");

        await SyncAsync();
        await SyncAsync();

        Assert.Equal("one", File.ReadAllText(Path.Combine(Share, "topic", "1", "model.onnx")));
        Assert.Equal("data", File.ReadAllText(Path.Combine(Share, "topic", "1", "onnx", "model.onnx_data")));
        Assert.False(Directory.Exists(Path.Combine(Share, "topic", "2")));
        Assert.Single(commands.Calls, call => call.Contains("download-batch", StringComparison.Ordinal));
        Assert.Equal(["topic"], Directory.EnumerateDirectories(Share).Select(Path.GetFileName));

        Put("topic/2/.complete", "");
        await SyncAsync();
        Assert.Equal("half of it", File.ReadAllText(Path.Combine(Share, "topic", "2", "model.onnx")));
    }

    [UnixFact]
    public async Task What_is_gone_goes()
    {
        Put("a/1/.complete", "");
        Put("b/1/.complete", "");
        Put("b/2/.complete", "");
        await SyncAsync();

        File.Delete(Path.Combine(container.Path, "a/1/.complete"));
        File.Delete(Path.Combine(container.Path, "b/1/.complete"));
        await SyncAsync();

        Assert.Equal(["b"], Directory.EnumerateDirectories(Share).Select(Path.GetFileName));
        Assert.Equal(["2"], Directory.EnumerateDirectories(Path.Combine(Share, "b")).Select(Path.GetFileName));
    }

    [UnixFact]
    public async Task A_broken_fetch_leaves_nothing_to_be_seen_and_the_next_run_goes_on()
    {
        Put("topic/1/model.onnx", "one");
        Put("topic/1/.complete", "");
        Put("fail", "");

        Assert.NotEqual(0, (await RunAsync()).Code);
        Assert.False(Directory.Exists(Path.Combine(Share, "topic", "1")));

        File.Delete(Path.Combine(container.Path, "fail"));
        await SyncAsync();
        Assert.True(File.Exists(Path.Combine(Share, "topic", "1", "model.onnx")));
    }

    [UnixFact]
    public async Task Names_that_are_no_version_are_left_alone()
    {
        Put("topic/one/.complete", "");
        Put("topic/01/.complete", "");
        Put(".hidden/1/.complete", "");
        Put("a b/1/.complete", "");
        Put("$(touch pwned)/1/.complete", "");
        Put("deep/er/1/.complete", "");
        Put("good-1.0_x/7/.complete", "");

        await SyncAsync();

        Assert.Equal(["good-1.0_x"], Directory.EnumerateDirectories(Share).Select(Path.GetFileName));
        Assert.False(File.Exists(Path.Combine(commands.Work, "pwned")));
        Assert.Single(commands.Calls, call => call.Contains("download-batch", StringComparison.Ordinal));
    }

    [UnixFact]
    public async Task Models_may_be_called_as_the_lists_are()
    {
        string[] names = ["messages", "blobs", "versions", "gone", "work", "messages.next"];
        foreach (var name in names)
        {
            Put($"{name}/1/model.onnx", name);
            Put($"{name}/1/.complete", "");
        }

        await SyncAsync();

        Assert.All(names, name => Assert.Equal(name, File.ReadAllText(Path.Combine(Share, name, "1", "model.onnx"))));
        File.Delete(Path.Combine(container.Path, "gone/1/.complete"));
        await SyncAsync();
        Assert.Equal(names.Except(["gone"]).Order(StringComparer.Ordinal), Directory.EnumerateDirectories(Share).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [UnixFact]
    public async Task Messages_are_taken_before_the_listing_and_deleted_one_by_one_once_acted_on()
    {
        Put("topic/1/.complete", "");
        PutMessages();

        await SyncAsync();

        // With the rights of a Message Processor, messages are got and deleted; to clear a queue takes more (learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory).
        var calls = commands.Calls.ToList();
        var storage = calls.Where(call => call.StartsWith("az|storage", StringComparison.Ordinal)).ToList();
        Assert.Equal(["message|get", "message|get", "blob|list", "blob|download-batch", "message|delete", "message|delete"], storage.Select(call => string.Join('|', call.Split('|')[2..4])));
        Assert.Contains(calls, call => call.Contains("|--id|id-2|--pop-receipt|Ag/A+A==|", StringComparison.Ordinal));
        Assert.All(storage, call => Assert.Contains("|--auth-mode|login", call));

        // Hidden from other runs for as long as one may take.
        var seconds = (int)(await Compiled.GetAsync()).Everything.One("Microsoft.App/jobs")["configuration"]!["replicaTimeout"]!;
        Assert.Contains($"|--visibility-timeout|{seconds}|", storage[0]);
    }

    [UnixFact]
    public async Task Messages_of_a_run_that_failed_are_left_to_start_another()
    {
        Put("topic/1/.complete", "");
        Put("fail", "");
        PutMessages();

        Assert.NotEqual(0, (await RunAsync()).Code);
        Assert.DoesNotContain(commands.Calls, call => call.Contains("message|delete", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        commands.Dispose();
        container.Dispose();
    }

    private async Task SyncAsync()
    {
        var (code, output) = await RunAsync();
        Assert.True(code == 0, output);
        Assert.False(Directory.Exists(Path.Combine(Share, ".work")));
    }

    private Task<(int Code, string Output)> RunAsync()
    {
        Directory.CreateDirectory(Share);
        return commands.RunAsync(
            "model-sync.sh", ("AZURE_CLIENT_ID", "sync-id"), ("STORAGE_ACCOUNT", "std"), ("SERVING_CONTAINER", "serving"), ("CHANGES_QUEUE", "model-changes"), ("MODELS", Share));
    }

    private void PutMessages() => File.WriteAllText(container.Path + ".messages", "id-1\tAgAAAA==\nid-2\tAg/A+A==\n");

    private void Put(string path, string text)
    {
        var file = Path.Combine(container.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
