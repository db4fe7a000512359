using System.Globalization;
using System.Text;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Blobs;

namespace AiAssignments.CrashHost.Scenarios;

/// <summary>Writes the shard's blob under a name made of the input, and returns the name.</summary>
public sealed class CountShardActivity(FolderBlobStore blobs) : IActivity<Shard, string>
{
    public async Task<string> RunAsync(Shard input, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"counts/{input.Name}/{input.Number}");
        await blobs.WriteAsync(path, (stream, token) => stream.WriteAsync(new byte[10 + input.Number], token).AsTask(), cancellationToken);
        return path;
    }
}

/// <summary>Fails on its first try, wherever that was; goes through on a later one.</summary>
public sealed class StumbleActivity(FolderBlobStore blobs) : IActivity<string, string>
{
    public async Task<string> RunAsync(string input, CancellationToken cancellationToken)
    {
        if (await blobs.FindAsync("stumbled", cancellationToken) is null)
        {
            await blobs.WriteAsync("stumbled", (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(input), token).AsTask(), cancellationToken);
            throw new InvalidOperationException("first try");
        }

        return "stumbled";
    }
}

/// <summary>Adds up the sizes of the blobs named, each of which must be there, and of those that are there, each of which must be named.</summary>
public sealed class SumActivity(FolderBlobStore blobs) : IActivity<string[], string>
{
    public async Task<string> RunAsync(string[] input, CancellationToken cancellationToken)
    {
        var sum = 0L;
        foreach (var path in input)
        {
            sum += (await blobs.FindAsync(path, cancellationToken))!.Length;
        }

        var listed = new List<string>();
        await foreach (var blob in blobs.ListAsync("counts/", cancellationToken))
        {
            listed.Add(blob.Path);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{sum} in {string.Join(' ', input)}; there: {string.Join(' ', listed)}");
    }
}
