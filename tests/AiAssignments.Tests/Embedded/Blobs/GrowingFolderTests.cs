using AiAssignments.Core.Storage;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Tests.Embedded.Contracts;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Embedded.Blobs;

public sealed class GrowingFolderTests : GrowingBlobStoreContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public GrowingFolderTests() => Store = new FolderBlobStore(folder.Path);

    protected override IGrowingBlobStore Store { get; }

    public void Dispose() => folder.Dispose();
}
