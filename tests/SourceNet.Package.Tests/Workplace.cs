namespace SourceNet.Package.Tests;

/// <summary>A folder outside the repository with a feed of the packed packages, for programs that know only those. Packed once for all tests.</summary>
public sealed class Workplace : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("sourcenet-packages-").FullName;

    private string Feed => Path.Combine(_root, "feed");

    /// <summary>The one package file whose name begins with <paramref name="id"/> and a version.</summary>
    public string PackageFile(string id) => Path.Combine(Feed, $"{id}.{Repository.Version}.nupkg");

    public async Task InitializeAsync()
    {
        foreach (var project in new[] { "src/SourceNet", "src/SourceNet.Training", "src/SourceNet.Data", "analyzers/SourceNet.Analyzers",
            "src/SourceNet.Tool", "src/SourceNet.Sweep" })
            await Dotnet.SucceedAsync(Path.Combine(Repository.Root, project), "pack", "--no-build", "-c", Repository.Configuration, "-o", Feed);

        // The feed alone, so that no other package of the same name is tested. Everything else is restored already.
        File.WriteAllText(Path.Combine(_root, "nuget.config"), $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="packages" />
              </config>
              <fallbackPackageFolders>
                <clear />
                <add key="restored" value="{Repository.Packages}" />
              </fallbackPackageFolders>
              <packageSources>
                <clear />
                <add key="feed" value="feed" />
              </packageSources>
            </configuration>
            """);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A console program with one reference, besides TorchSharp and its native library.</summary>
    /// <returns>Its folder.</returns>
    public string Program(string name, string reference, params (string File, string Source)[] sources)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        File.WriteAllText(Path.Combine(folder, name + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseAppHost>false</UseAppHost>
                <UseSharedCompilation>false</UseSharedCompilation>
                <RepairLibTorchSharp>true</RepairLibTorchSharp>
                <CreateSymbolicLinksForCopyLocalIfPossible>true</CreateSymbolicLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                {reference}
                <PackageReference Include="TorchSharp" Version="{Repository.Value("TorchSharp")}" />
                <PackageReference Include="{NativePackage}" Version="{Repository.Value("LibTorchVersion")}" />
                <PackageReference Include="SharpZipLib" Version="{Repository.Value("SharpZipLib")}" />
                <PackageReference Include="SkiaSharp" Version="{Repository.Value("SkiaSharp")}" />
              </ItemGroup>
            </Project>
            """);
        foreach (var (file, source) in sources)
            File.WriteAllText(Path.Combine(folder, file), source);
        return folder;
    }

    /// <summary>Installs a tool of the feed, once.</summary>
    /// <returns>Its folder.</returns>
    public async Task<string> ToolAsync(string id)
    {
        var folder = Path.Combine(_root, id);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        await Dotnet.SucceedAsync(_root, "tool", "install", id, "--version", Repository.Version, "--tool-path", folder);
        return folder;
    }

    /// <summary>The reference to a package of the feed.</summary>
    public static string Package(string id) => $"""<PackageReference Include="{id}" Version="{Repository.Version}" />""";

    /// <summary>The reference to another program of this workplace.</summary>
    public static string Project(string name) => $"""<ProjectReference Include="../{name}/{name}.csproj" />""";

    private static string NativePackage =>
        OperatingSystem.IsWindows() ? "libtorch-cpu-win-x64" : OperatingSystem.IsMacOS() ? "libtorch-cpu-osx-arm64" : "libtorch-cpu-linux-x64";
}
