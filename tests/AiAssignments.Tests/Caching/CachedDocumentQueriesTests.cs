using System.Text.Json;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Quality;
using AiAssignments.Tests.Pipeline;

namespace AiAssignments.Tests.Caching;

public sealed class CachedDocumentQueriesTests
{
    [Fact]
    public async Task A_list_is_asked_of_the_store_once_until_something_in_it_changes()
    {
        using var fixture = new CacheFixture();
        var lists = new CachedDocumentQueries(fixture.Documents, fixture.Caches.Queries);
        var catalog = new ModelCatalog(lists);
        await PutAsync(fixture, "a");
        Assert.Single((await catalog.QueryAsync(new ModelQuery(), default)).Items);
        var before = fixture.Counting.Queries;
        Assert.Single((await catalog.QueryAsync(new ModelQuery(), default)).Items);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => catalog.QueryAsync(new ModelQuery(), default)));
        Assert.Equal(before, fixture.Counting.Queries);

        // Another question is not the same list.
        Assert.Empty((await catalog.QueryAsync(new ModelQuery { MinAccuracy = 0.9 }, default)).Items);
        Assert.True(fixture.Counting.Queries > before);

        await PutAsync(fixture, "b");
        Assert.Equal(2, (await catalog.QueryAsync(new ModelQuery(), default)).Items.Count);
    }

    [Fact]
    public async Task What_is_not_a_list_of_models_or_datasets_goes_through()
    {
        using var fixture = new CacheFixture();
        var lists = new CachedDocumentQueries(fixture.Documents, fixture.Caches.Queries);
        for (var asked = 1; asked < 3; asked++)
        {
            await lists.QueryAsync<int>("uploads", Containers.Partition, new DocumentQuery(), default);
            await lists.FindAsync<int>(Containers.Models, Containers.Partition, "x", default);
            Assert.Equal((asked, asked), (fixture.Counting.Queries, fixture.Counting.Reads));
        }
    }

    [Fact]
    public void A_page_of_models_comes_back_from_the_shared_level_as_it_was()
    {
        var page = new DocumentPage<ModelVersion>([new Document<ModelVersion>("a@1", ModelSamples.Version("a", "1", active: true), "etag")], "more");
        var serializer = new CacheSerializer();
        var back = serializer.Deserialize<DocumentPage<ModelVersion>>(serializer.Serialize(page))!;
        Assert.Equal(JsonSerializer.Serialize(page), JsonSerializer.Serialize(back));
    }

    [Fact]
    public async Task The_embedded_pipeline_lists_from_the_cache()
    {
        await using var pipeline = await PipelineFixture.OpenAsync();
        await pipeline.ModelAsync("topic");
        var first = await pipeline.Runtime.Catalog.QueryAsync(new ModelQuery(), default);
        var again = await pipeline.Runtime.Catalog.QueryAsync(new ModelQuery(), default);
        Assert.Same(first.Items[0].Active, again.Items[0].Active);
    }

    private static Task<Document<ModelVersion>> PutAsync(CacheFixture fixture, string name) =>
        fixture.Documents.PutAsync(Containers.Models, Containers.Partition, $"{name}@1", ModelSamples.Version(name, "1", active: true), null, default);
}
