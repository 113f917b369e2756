"""What is typed on the pages of imports and exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms

from throughline.components.choosing import choices_set
from throughline.integrations.rules.mapping import CycleChoice, FileChoice, OkrMapping
from throughline.integrations.rules.reading import format_choices
from throughline.kernel.errors import Invalid

# Beyond these the most frequent owners are asked for; the others stay text.
MOST_OWNERS = 200
Lookup = Callable[[str], tuple[str, str]]


class ManyFilesInput(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or several uploaded files, as a list."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise forms.ValidationError("Choose one or more files.", code="required")
        return list(files)


class UploadForm(forms.Form):
    """The files to import."""

    files = ManyFilesField(  # type: ignore[assignment]  # a declared field is no attribute: `Form.files` stays
        label="Files",
        widget=ManyFilesInput(attrs={"multiple": True, "accept": ".md,.markdown,.txt,.graphml,.csv,.tsv,.xlsx,.json"}),
        help_text="Markdown, GraphML, CSV, XLSX or JSON; several at once. Two CSV files, goals and check-ins, belong together.",
    )


class MappingForm(forms.Form):
    """Cycle and unit per file, a person per owner. Fields are numbered in the order the files and owners were found."""

    state = forms.ChoiceField(
        label="What the goals become",
        choices=[
            ("active", "Active: they are in force and count"),
            ("candidate", "Candidates: to be talked about and signed here"),
        ],
        widget=forms.RadioSelect,
        help_text="Struck-out goals are dropped and ticked ones closed in either case. Imported goals carry no signatures.",
    )

    def __init__(self, data: Any, *, recognised: Mapping[str, Any], mapping: OkrMapping) -> None:
        super().__init__(data, initial={"state": mapping.state})
        self.recognised, self.mapping = recognised, mapping
        self.plain_files: list[tuple[int, str]] = []
        for number, file in enumerate(recognised.get("files", [])):
            if file["is_table"]:
                continue
            self.plain_files.append((number, file["name"]))
            choice = mapping.files.get(file["name"], FileChoice())
            self.fields[f"cycle_{number}"] = forms.CharField(
                label="Cycle", max_length=120, required=False, initial=choice.cycle.name,
                help_text="The name of a cycle, existing or new. Empty: no cycle.",
            )  # fmt: skip
            for key, label, value in (
                ("starts_on", "First day", choice.cycle.starts_on),
                ("ends_on", "Last day", choice.cycle.ends_on),
            ):
                self.fields[f"{key}_{number}"] = forms.DateField(
                    label=label, required=False, initial=value, widget=forms.DateInput
                )
            self.fields[f"unit_{number}"] = forms.CharField(
                label="Unit", max_length=400, required=False, initial=choice.unit,
                help_text="The unit whose goals these are. Empty: the whole organisation's.",
            )  # fmt: skip
        self.owners: list[tuple[int, str, int]] = []
        for number, (owner, count) in enumerate(recognised.get("owners", [])[:MOST_OWNERS]):
            self.owners.append((number, owner, count))
            self.fields[f"owner_{number}"] = forms.CharField(
                label=owner, max_length=400, required=False, initial=mapping.owners.get(owner, ""),
                help_text=f"{count} goal{'' if count == 1 else 's'}",
            )  # fmt: skip

    def file_groups(self) -> list[dict[str, Any]]:
        """Each file of the mapping with its bound fields, for the template."""
        keys = ("cycle", "starts_on", "ends_on", "unit")
        return [{"name": name, **{key: self[f"{key}_{number}"] for key in keys}} for number, name in self.plain_files]

    def owner_fields(self) -> list[Any]:
        """One bound field per owner named in the files."""
        return [self[f"owner_{number}"] for number, _, _ in self.owners]

    def mapping_chosen(self, *, person: Lookup, unit: Lookup) -> OkrMapping:
        """What was chosen; raises Invalid with a sentence per field. `person` and `unit` find what was typed."""
        given = self.cleaned_data
        problems: dict[str, str] = {}
        files = dict(self.mapping.files)
        for number, name in self.plain_files:
            cycle = CycleChoice(
                given[f"cycle_{number}"].strip(), given[f"starts_on_{number}"], given[f"ends_on_{number}"]
            )
            if cycle.starts_on is not None and cycle.ends_on is not None and cycle.ends_on < cycle.starts_on:
                problems[f"ends_on_{number}"] = "The last day must not be before the first."
            unit_name, trouble = unit(given[f"unit_{number}"])
            if trouble:
                problems[f"unit_{number}"] = trouble
            files[name] = FileChoice(files.get(name, FileChoice()).format_key, cycle, unit_name)
        owners: dict[str, str] = {}
        for number, owner, _ in self.owners:
            email, trouble = person(given[f"owner_{number}"])
            if trouble:
                problems[f"owner_{number}"] = trouble
            owners[owner] = email
        if problems:
            raise Invalid(problems)
        return OkrMapping(files=files, owners=owners, state=given["state"])


class FormatsForm(forms.Form):
    """Another format for a file than the recognised one."""

    def __init__(self, data: Any, *, recognised: Mapping[str, Any], formats: Mapping[str, str]) -> None:
        super().__init__(data)
        self.names: list[tuple[str, str]] = []
        for number, file in enumerate(recognised.get("files", [])):
            if file["is_table"] and " + " in file["name"]:
                # Goals and check-ins of one export, read together: nothing else they could be.
                continue
            key = f"format_{number}"
            self.names.append((key, file["name"]))
            self.fields[key] = forms.ChoiceField(
                label=file["name"], choices=format_choices(), initial=file["format_key"],
            )  # fmt: skip
        for number, file in enumerate(recognised.get("unreadable_files", [])):
            key = f"unread_format_{number}"
            self.names.append((key, file["name"]))
            self.fields[key] = forms.ChoiceField(
                label=file["name"], choices=[("", "As it seems best"), *format_choices()], required=False,
                initial=formats.get(file["name"], ""),
            )  # fmt: skip

    def chosen(self) -> dict[str, str]:
        """Format keys by file name, without those left to be recognised."""
        return {name: self.cleaned_data[key] for key, name in self.names if self.cleaned_data[key]}


class ExportForm(forms.Form):
    """Which goals leave."""

    cycle = forms.ChoiceField(label="Cycle", required=False)
    unit = forms.CharField(
        label="Unit", max_length=400, required=False, help_text="A unit's name; the units below it are included."
    )

    def __init__(self, data: Any, *, cycles: Sequence[tuple[int, str]]) -> None:
        super().__init__(data)
        choices_set(self, "cycle", [("", "All cycles"), *cycles])


def form_refuse(form: forms.Form, error: Invalid) -> None:
    """Put what a service refused onto the form."""
    for field, words in error.problems.items():
        for word in words:
            form.add_error(field if field in form.fields else None, word)
