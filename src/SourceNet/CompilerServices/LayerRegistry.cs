using System.ComponentModel;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

/// <summary>Registers the layers of a model by their state-dict path, without reflection.</summary>
/// <remarks>
/// Generated code calls it.
/// The dots of a path become containers: <c>block1.conv</c> and <c>block1.norm</c> are the children <c>conv</c> and <c>norm</c> of one container <c>block1</c>.
/// Whatever is registered leaves the dispose scope it was created in: it lives as long as the model.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class LayerRegistry
{
    private readonly nn.Module model;
    private readonly ModelParts parts;

    /// <summary>Layers whose parts have names of their own: paths may lead through them.</summary>
    private readonly HashSet<nn.Module> open = [];

    internal LayerRegistry(IModel model) => (this.model, parts) = (ModelParts.ModuleOf(model), model.Parts);

    /// <summary>Registers a module.</summary>
    /// <param name="path">The path from the model, names joined by dots: <c>block1.conv</c>.</param>
    /// <param name="module">The module, which exists already: fields are initialized before the model registers its layers.</param>
    /// <exception cref="InvalidOperationException">The module is null, the path is taken, or it leads through something that is no container.</exception>
    /// <exception cref="ArgumentException">The path has an empty part.</exception>
    public void Add(string path, nn.Module? module)
    {
        var (parent, name) = Locate(path);
        if (module is null)
        {
            throw Missing(path);
        }
        if (ReferenceEquals(module, model))
        {
            throw new InvalidOperationException($"{Owner}: '{path}' is the model itself, and a module cannot contain itself.");
        }
        RequireFree(parent, name, path);
        parent.register_module(name, module);
        KeepAlive(module);
    }

    /// <summary>Registers a layer whose parts have names of their own.</summary>
    /// <param name="path">The path of the layer, which holds its mode and no parameter.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="parts">What the layer calls each of its parts, and the path of that from the model: <c>query</c>, <c>attention.self.query</c>.</param>
    /// <exception cref="InvalidOperationException">The layer is null, has no such part, or a path is taken.</exception>
    /// <exception cref="ArgumentException">A path has an empty part.</exception>
    public void Add(string path, Layers.Layer? layer, IReadOnlyList<(string Part, string Path)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        Add(path, layer);
        open.Add(layer!);
        foreach (var (part, partPath) in parts)
        {
            Add(partPath, layer!.Release(part));
        }
    }

    /// <summary>Registers each module of an array or list under its index: <c>heads.0</c>, <c>heads.1</c>, ...</summary>
    /// <param name="path">The path of the list.</param>
    /// <param name="modules">The modules, all of which exist already. An empty list registers nothing.</param>
    /// <exception cref="InvalidOperationException">The list or one of its modules is null, or a path is taken.</exception>
    public void AddAll(string path, IEnumerable<nn.Module?>? modules)
    {
        if (modules is null)
        {
            throw Missing(path);
        }
        var index = 0;
        foreach (var module in modules)
        {
            Add($"{path}.{index++}", module);
        }
    }

    /// <summary>Registers modules under paths of their own: those of dictionaries, tuples, lists of lists, and those that are there at all.</summary>
    /// <param name="modules">Each module with its path from the model: <c>heads.a</c>, <c>pair.left</c>, <c>grid.0.1</c>.</param>
    /// <exception cref="InvalidOperationException">A module is null, or a path is taken.</exception>
    /// <exception cref="ArgumentException">A path has an empty part, from an empty key perhaps.</exception>
    public void AddAll(IEnumerable<(string Path, nn.Module? Module)> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        foreach (var (path, module) in modules)
        {
            Add(path, module);
        }
    }

    /// <summary>What is thrown where something is null that should be registered.</summary>
    /// <param name="model">The class of the model.</param>
    /// <param name="path">The path of what is null.</param>
    public static InvalidOperationException Missing(string model, string path) => new(
        $"{model}: '{path}' is null. Initialize it in its declaration, so that it exists when the model registers its layers.");

    /// <summary>Registers a buffer held in a field that cannot be set: converting the model to another type or device will throw.</summary>
    /// <param name="path">The path from the model: <c>mean</c>, or <c>block1.mean</c>.</param>
    /// <param name="buffer">A tensor that belongs to the state of the model, but is not trained.</param>
    /// <exception cref="InvalidOperationException">The buffer is null or a Parameter, the path is taken, or it leads through something that is no
    /// container.</exception>
    public void AddBuffer(string path, Tensor? buffer) => RegisterBuffer(path, buffer, null);

    /// <summary>
    /// Registers a buffer held in a field or property: it is saved, loaded, moved and converted with the model, as TorchSharp has it for a tensor in a field.
    /// </summary>
    /// <param name="path">The path from the model: <c>mean</c>, or <c>block1.mean</c>.</param>
    /// <param name="buffer">A tensor that belongs to the state of the model, but is not trained.</param>
    /// <param name="replaced">Sets the field, <c>value => mean = value</c>: a conversion to another type or device makes a new tensor and disposes the old
    /// one.</param>
    /// <exception cref="InvalidOperationException">The buffer is null or a Parameter, the path is taken, or it leads through something that is no
    /// container.</exception>
    public void AddBuffer(string path, Tensor? buffer, Action<Tensor> replaced)
    {
        ArgumentNullException.ThrowIfNull(replaced);
        RegisterBuffer(path, buffer, replaced);
    }

    /// <summary>Registers a parameter held in a field that cannot be set: converting the model to another type or device will throw.</summary>
    /// <param name="path">The path from the model: <c>scale</c>, or <c>block1.scale</c>.</param>
    /// <param name="parameter">The parameter.</param>
    /// <exception cref="InvalidOperationException">The parameter is null, the path is taken, or it leads through something that is no container.</exception>
    public void AddParameter(string path, Parameter? parameter) => Register(path, parameter, null);

    /// <summary>Registers a parameter held in a field or property.</summary>
    /// <param name="path">The path from the model: <c>scale</c>, or <c>block1.scale</c>.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="replaced">
    /// Sets the field, <c>value => scale = value</c>: a conversion to another type or device makes a new parameter and disposes the old one.
    /// </param>
    /// <exception cref="InvalidOperationException">The parameter is null, the path is taken, or it leads through something that is no container.</exception>
    public void AddParameter(string path, Parameter? parameter, Action<Parameter> replaced)
    {
        ArgumentNullException.ThrowIfNull(replaced);
        Register(path, parameter, replaced);
    }

    /// <summary>Says that a layer uses another one's parameter, which has only its owner's name in the state dict.</summary>
    /// <remarks>
    /// A file that holds the alias too, as PyTorch's do, still loads: the alias must have the owner's shape and values. It stands in for an owner that the file
    /// lacks.
    /// </remarks>
    /// <param name="alias">The name that the parameter would have had: <c>logits.linear.weight</c>.</param>
    /// <param name="owner">The parameter that is used: <c>embed.embedding.weight</c>. Register its layer first.</param>
    /// <exception cref="InvalidOperationException">The owner is not registered, or the alias is taken.</exception>
    public void Tie(string alias, string owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(alias);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        if (!model.has_parameter(owner))
        {
            throw new InvalidOperationException(
                $"{Owner}: '{alias}' cannot be tied to '{owner}', because there is no such parameter. Register its layer first.");
        }
        if (model.has_parameter(alias) || model.has_buffer(alias) || !parts.Ties.TryAdd(alias, owner))
        {
            throw new InvalidOperationException($"{Owner}: '{alias}' cannot be tied to '{owner}', because the name is taken.");
        }
    }

    /// <summary>Freezes modules: their parameters get no gradients, and they stay in eval mode. Register them first.</summary>
    /// <param name="name">What they are called together: <c>features</c>.</param>
    /// <param name="untilEpoch">The epoch, from 1, with which they begin to learn; null for never.</param>
    /// <param name="modules">The modules; null is left out.</param>
    public void Freeze(string name, int? untilEpoch, IEnumerable<nn.Module?> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        nn.Module[] frozen = [.. modules.OfType<nn.Module>().SelectMany(Layers.Layer.WithReleased)];
        Freeze(new FrozenPart(name, untilEpoch, frozen, () => frozen.SelectMany(module => module.parameters())));
    }

    /// <summary>Freezes a parameter that was registered by itself, if there is one of that path.</summary>
    /// <param name="path">Its path from the model.</param>
    /// <param name="untilEpoch">The epoch, from 1, with which it begins to learn; null for never.</param>
    public void FreezeParameter(string path, int? untilEpoch) =>
        Freeze(new FrozenPart(path, untilEpoch, [], () => model.get_parameter(path) is { } parameter ? [parameter] : []));

    private void Freeze(FrozenPart part)
    {
        part.Freeze();
        parts.Frozen.Add(part);
    }

    private string Owner => model.GetType().Name;

    private void Register(string path, Parameter? parameter, Action<Parameter>? replaced)
    {
        var (parent, name) = Locate(path);
        if (parameter is null)
        {
            throw Missing(path);
        }
        RequireFree(parent, name, path);
        var owner = (IParameterOwner)parent;
        owner.Place(name, parameter);
        owner.Owned.Add(path, name, replaced);
        parameter.DetachFromDisposeScope();
    }

    private void RegisterBuffer(string path, Tensor? buffer, Action<Tensor>? replaced)
    {
        var (parent, name) = Locate(path);
        if (buffer is null)
        {
            throw Missing(path);
        }
        if (buffer is Parameter)
        {
            throw new InvalidOperationException(
                $"{Owner}: '{path}' is a Parameter in a member of type Tensor, so that nothing would train it. Declare the member as a Parameter.");
        }
        RequireFree(parent, name, path);
        var owner = (IParameterOwner)parent;
        owner.PlaceBuffer(name, buffer);
        owner.Owned.AddBuffer(path, name, replaced);
        buffer.DetachFromDisposeScope();
    }

    /// <summary>The module that a path's last name belongs to, with the containers on the way made where they are missing.</summary>
    private (nn.Module Parent, string Name) Locate(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var names = path.Split('.');
        if (Array.Exists(names, string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException($"{Owner}: '{path}' is no path of names joined by dots.", nameof(path));
        }
        nn.Module parent = model;
        for (var depth = 0; depth < names.Length - 1; depth++)
        {
            var name = names[depth];
            var child = parent.named_children().FirstOrDefault(child => child.name == name).module;
            if (child is null)
            {
                RequireFree(parent, name, string.Join('.', names[..(depth + 1)]));
                child = new Container(name);
                parent.register_module(name, child);
            }
            else if (child is not Container && !open.Contains(child))
            {
                throw new InvalidOperationException(
                    $"{Owner}: '{path}' cannot be registered, because "
                    + $"'{string.Join('.', names[..(depth + 1)])}' is a {child.GetType().Name} of its own. Rename one of the two.");
            }
            parent = child;
        }
        return (parent, names[^1]);
    }

    private void RequireFree(nn.Module parent, string name, string path)
    {
        var taken = parent.named_children().Any(child => child.name == name) || parent.has_parameter(name) || parent.has_buffer(name)
            || parts.Ties.ContainsKey(path);
        if (taken)
        {
            throw new InvalidOperationException(
                $"{Owner}: '{path}' is registered already. Two layers cannot share a state-dict name; give one of them another with [Name].");
        }
    }

    private InvalidOperationException Missing(string path) => Missing(Owner, path);

    private static void KeepAlive(nn.Module module)
    {
        foreach (var parameter in module.parameters())
        {
            parameter.DetachFromDisposeScope();
        }
        foreach (var buffer in module.buffers())
        {
            buffer.DetachFromDisposeScope();
        }
    }
}
