using AiAssignments.Core.Storage;
using AiAssignments.Tests.Embedded.Contracts;

namespace AiAssignments.IntegrationTests.Azure.Blobs;

/// <summary>The tests that the folder store passes, over Azurite.</summary>
[Collection(AzuriteGroup.Name)]
public sealed class BlobContractTests(AzuriteServer azurite)
{
    public static IEnumerable<object[]> StoreCases => ContractCases.Of(typeof(BlobStoreContract));

    public static IEnumerable<object[]> GrowingCases => ContractCases.Of(typeof(GrowingBlobStoreContract));

    [AzuriteTheory]
    [MemberData(nameof(StoreCases))]
    public async Task A_blob_store_holds_that(string which)
    {
        using var blobs = await azurite.ConnectAsync();
        await ContractCases.RunAsync(new StoreContract(blobs.Store), which);
    }

    [AzuriteTheory]
    [MemberData(nameof(GrowingCases))]
    public async Task A_store_of_growing_blobs_holds_that(string which)
    {
        using var blobs = await azurite.ConnectAsync();
        await ContractCases.RunAsync(new GrowingContract(blobs.Store), which);
    }

    private sealed class StoreContract(IBlobStore store) : BlobStoreContract
    {
        protected override IBlobStore Store => store;
    }

    private sealed class GrowingContract(IGrowingBlobStore store) : GrowingBlobStoreContract
    {
        protected override IGrowingBlobStore Store => store;
    }
}
