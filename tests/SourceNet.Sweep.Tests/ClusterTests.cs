using YamlDotNet.RepresentationModel;

namespace SourceNet.Sweep.Tests;

public sealed class ClusterTests : IDisposable
{
    private const string Limits = """
        "cores": 2, "memoryMiB": 1500, "minutes": 20, "retries": 2, "kubernetes": { "image": "images.example/team/cifar:1", "claim": "sweeps" },
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Slurm_gets_a_job_array_with_a_task_for_each_trial()
    {
        var (code, _, errors) = await Sweeps.ToolAsync("emit", "slurm", Sweeps.Write(folder, "ok", Limits), "--parallel", "3");

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(
            """
            #!/bin/bash
            # All trials of the sweep 'test-sweep'. Submit it from the folder of sweep.json: sbatch test-sweep.slurm
            # Afterwards: sourcenet-sweep results sweep.json. What has a result is not run again.
            #SBATCH --job-name=test-sweep
            #SBATCH --array=0-3%3
            #SBATCH --ntasks=1
            #SBATCH --cpus-per-task=2
            #SBATCH --mem=1500M
            #SBATCH --time=61
            #SBATCH --output=/dev/null
            cd "$SLURM_SUBMIT_DIR" || exit 2
            # Set SOURCENET_SWEEP where the tool is not on the path.
            exec ${SOURCENET_SWEEP:-sourcenet-sweep} trial 'sweep.json' --index "$SLURM_ARRAY_TASK_ID"

            """.ReplaceLineEndings("\n"),
            await File.ReadAllTextAsync(folder.File("test-sweep.slurm")));
    }

    [Fact]
    public async Task Kubernetes_gets_an_indexed_job_with_a_completion_for_each_trial()
    {
        var (code, _, errors) = await Sweeps.ToolAsync("emit", "k8s", Sweeps.Write(folder, "ok", Limits), "--parallel", "3");

        Assert.Equal((0, ""), (code, errors));
        var yaml = new YamlStream();
        yaml.Load(new StringReader(await File.ReadAllTextAsync(folder.File("test-sweep.yaml"))));
        var job = yaml.Documents.Single().RootNode;
        Assert.Equal(("batch/v1", "Job", "test-sweep"), (Text(job["apiVersion"]), Text(job["kind"]), Text(job["metadata"]["name"])));
        Assert.Equal(("Indexed", "4", "3"), (Text(job["spec"]["completionMode"]), Text(job["spec"]["completions"]), Text(job["spec"]["parallelism"])));
        var pod = job["spec"]["template"]["spec"];
        var container = ((YamlSequenceNode)pod["containers"]).Single();
        Assert.Equal("images.example/team/cifar:1", Text(container["image"]));
        Assert.Equal(["sourcenet-sweep", "trial", "sweep.json", "--index", "$(JOB_COMPLETION_INDEX)"], ((YamlSequenceNode)container["command"]).Select(Text));
        foreach (var amount in new[] { "requests", "limits" })
        {
            Assert.Equal(("2", "1500Mi"), (Text(container["resources"][amount]["cpu"]), Text(container["resources"][amount]["memory"])));
        }

        Assert.Equal("Never", Text(pod["restartPolicy"]));
        Assert.Equal("/sweep", Text(container["workingDir"]));
        Assert.Equal("sweeps", Text(((YamlSequenceNode)pod["volumes"]).Single()["persistentVolumeClaim"]["claimName"]));
    }

    [Theory]
    [InlineData("$(touch owned).json")]
    [InlineData("`touch owned`.json")]
    [InlineData("it's \"quoted\" $HOME.json")]
    [InlineData("two\ntouch owned\nlines.json")]
    public async Task Whatever_the_file_is_called_nothing_of_its_name_is_run(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.Copy(Sweeps.Write(folder, "ok", Limits), folder.File(name));
        foreach (var cluster in new[] { "slurm", "k8s" })
        {
            Assert.Equal((0, ""), (await Sweeps.ToolAsync("emit", cluster, folder.File(name)) is var (code, _, errors) ? (code, errors) : default));
        }

        var script = folder.File("test-sweep.slurm");
        var start = new System.Diagnostics.ProcessStartInfo("bash", [script]) { WorkingDirectory = folder.File("."), RedirectStandardOutput = true };
        start.Environment["SLURM_SUBMIT_DIR"] = folder.File(".");
        start.Environment["SLURM_ARRAY_TASK_ID"] = "0";
        start.Environment["SOURCENET_SWEEP"] = "printf %s|";
        using var bash = System.Diagnostics.Process.Start(start)!;
        var said = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.Equal($"trial|{name}|--index|0|", said);
        Assert.False(File.Exists(folder.File("owned")));
        var yaml = new YamlStream();
        yaml.Load(new StringReader(await File.ReadAllTextAsync(folder.File("test-sweep.yaml"))));
        var container = ((YamlSequenceNode)yaml.Documents.Single().RootNode["spec"]["template"]["spec"]["containers"]).Single();
        Assert.Equal(name.Replace("$", "$$", StringComparison.Ordinal), Text(((YamlSequenceNode)container["command"])[2]));
    }

    [Fact]
    public async Task A_search_has_a_task_for_each_trial_and_few_at_once_where_it_learns()
    {
        const string Kubernetes = "\"kubernetes\": { \"image\": \"image\", \"claim\": \"claim\" }, \"seeds\": [1, 2],";
        foreach (var (method, array) in new[] { ("tpe", "--array=0-23%4"), ("random", "--array=0-23") })
        {
            var file = Sweeps.WriteSearch(folder, $"\"method\": \"{method}\", \"trials\": 12", Kubernetes);
            Assert.Equal(0, (await Sweeps.ToolAsync("emit", "slurm", file)).ExitCode);
            Assert.Equal(0, (await Sweeps.ToolAsync("emit", "k8s", file)).ExitCode);

            Assert.Contains($"{array}\n", await File.ReadAllTextAsync(folder.File("test-search.slurm")), StringComparison.Ordinal);
            var job = await File.ReadAllTextAsync(folder.File("test-search.yaml"));
            Assert.Contains("completions: 24\n", job, StringComparison.Ordinal);
            Assert.Contains("parallelism: 4\n", job, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Kubernetes_without_an_image_is_a_mistake()
    {
        var (code, _, errors) = await Sweeps.ToolAsync("emit", "k8s", Sweeps.Write(folder, "ok"));

        Assert.Equal(2, code);
        Assert.Contains("expected \"kubernetes\": { \"image\"", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("test-sweep.yaml")));
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
