using System.Net;

namespace AiAssignments.Tests.Gateway;

public sealed class DatasetRouteTests(EvaluatedHost evaluated) : IClassFixture<EvaluatedHost>
{
    private readonly GatewayHost host = evaluated.Host;

    [Fact]
    public async Task Datasets_are_listed_newest_first_and_page_by_page()
    {
        var first = await host.ReadAsync("/api/datasets?pageSize=1");
        Assert.Equal(evaluated.Sentiment.Id, first.GetProperty("items")[0].GetProperty("id").GetString());
        var second = await host.ReadAsync($"/api/datasets?pageSize=1&continuation={Uri.EscapeDataString(first.GetProperty("continuation").GetString()!)}");
        Assert.Equal(evaluated.Topics.Id, second.GetProperty("items")[0].GetProperty("id").GetString());
        var byName = await host.ReadAsync("/api/datasets?sort=name");
        Assert.Equal("sentiment.csv", byName.GetProperty("items")[0].GetProperty("name").GetString());
        (await host.GetAsync($"/api/datasets?sort=name&continuation={Uri.EscapeDataString(first.GetProperty("continuation").GetString()!)}")).Refuses(HttpStatusCode.BadRequest, "continuation-invalid");
    }

    [Fact]
    public async Task An_inspection_counts_labels_and_is_the_same_the_second_time()
    {
        var found = await host.GetAsync($"/api/datasets/{evaluated.Topics.Id}/inspection");
        Assert.Equal(152, found.Json.GetProperty("records").GetInt64());
        Assert.Equal(4, found.Json.GetProperty("labels").GetArrayLength());
        Assert.Equal(38, found.Json.GetProperty("labels")[0].GetProperty("count").GetInt64());
        Assert.Equal(3, found.Json.GetProperty("samples").GetArrayLength());
        var again = await host.GetAsync($"/api/datasets/{evaluated.Topics.Id}/inspection");
        Assert.Equal(found.Text, again.Text);
        Assert.Equal(HttpStatusCode.NotModified, (await host.GetAsync($"/api/datasets/{evaluated.Topics.Id}/inspection", ("If-None-Match", $"W/\"x\", {found.Header("ETag")}"))).Status);
    }

    [Fact]
    public async Task A_deleted_dataset_is_gone_with_its_bytes_and_what_was_found_in_it()
    {
        await File.WriteAllTextAsync(host.File("gone.csv"), "text,label\n\"<script>alert(1)</script>\",a\nb,c\n");
        var dataset = await host.Runtime.Datasets.RegisterAsync(host.File("gone.csv"), Core.Datasets.DatasetOptions.Default, CancellationToken.None);
        var path = $"/api/datasets/{dataset.Id}";
        Assert.Equal("<script>alert(1)</script>", (await host.ReadAsync(path + "/inspection")).GetProperty("samples")[0].GetProperty("text").GetString());
        (await host.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"0\""))).Refuses(HttpStatusCode.PreconditionFailed, "precondition-failed");
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Delete, path, null, ("If-Match", (await host.GetAsync(path)).Header("ETag")!))).Status);
        (await host.SendAsync(HttpMethod.Delete, path)).Refuses(HttpStatusCode.NotFound, "dataset-not-found");
        (await host.GetAsync(path)).Refuses(HttpStatusCode.NotFound, "dataset-not-found");
        Assert.Null(await host.Runtime.Blobs.FindAsync(dataset.StagedPath, CancellationToken.None));
        Assert.Null(await host.Runtime.Blobs.FindAsync($"inspections/{dataset.Id}.json", CancellationToken.None));
    }

    [Theory]
    [InlineData("..%2f..%2fmodels%2ftopic")]
    [InlineData("packing-1")]
    [InlineData("%E2%80%AE")]
    public async Task A_hostile_id_is_one_that_is_not_there(string id)
    {
        (await host.SendAsync(HttpMethod.Delete, $"/api/datasets/{id}")).Refuses(HttpStatusCode.NotFound, "dataset-not-found");
        (await host.GetAsync($"/api/datasets/{id}/inspection")).Refuses(HttpStatusCode.NotFound, "dataset-not-found");
    }
}
