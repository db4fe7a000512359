using AiAssignments.Core.Storage;

namespace AiAssignments.Tests.Functions;

/// <summary>A storage account that signs one address.</summary>
internal sealed class OneDirectUpload : IDirectUploads
{
    public Task<DirectUpload> SignAsync(string fileName, CancellationToken cancellationToken) =>
        Task.FromResult(new DirectUpload(new Uri("https://account.example/datasets/0/" + Uri.EscapeDataString(fileName)), "0/" + fileName, DateTimeOffset.UnixEpoch, new Dictionary<string, string>()));
}
